// Looks up info_hashes, each with a client of its own that joined some time ago: "SECONDS PAUSE NODE...", and a line
// "IP HASH" of standard input for each. The clients start one PAUSE after another. Writes one line of JSON for each: when
// the first peer came and when the lookup was done, in milliseconds since it began, and the peers.
import DHT from 'bittorrent-dht'
import { createInterface } from 'node:readline'

const [warm, pause, ...bootstrap] = process.argv.slice(2)
const sleep = seconds => new Promise(resolve => setTimeout(resolve, 1000 * seconds))

async function lookUp (ip, hash) {
  const dht = new DHT({ bootstrap })
  await new Promise(resolve => {
    dht.once('ready', resolve)
    dht.listen(0, ip)
  })
  await sleep(warm)
  const began = performance.now()
  let first = null
  const peers = new Set()
  dht.on('peer', peer => {
    first ??= performance.now() - began
    peers.add(`${peer.host}:${peer.port}`)
  })
  await new Promise(resolve => dht.lookup(hash, resolve))
  console.log(JSON.stringify({ hash, first_ms: first, done_ms: performance.now() - began, peers: [...peers] }))
}

const lookups = []
for await (const line of createInterface({ input: process.stdin })) {
  lookups.push(lookUp(...line.split(' ')))
  await sleep(pause)
}
await Promise.all(lookups)
process.exit()
