// Looks up the peers of an info_hash with a client that has just been created, and writes one line of JSON: when the
// first peer came and when the lookup was done, in milliseconds since the creation, and the peers.
import DHT from 'bittorrent-dht'

const [hash, ...bootstrap] = process.argv.slice(2)
const began = performance.now()
const since = () => performance.now() - began
const dht = new DHT({ bootstrap })
let first = null
const peers = new Set()
dht.on('peer', (peer) => {
  first ??= since()
  peers.add(`${peer.host}:${peer.port}`)
})
dht.lookup(hash, () => {
  console.log(JSON.stringify({ first_ms: first, done_ms: since(), peers: [...peers] }))
  process.exit()
})
