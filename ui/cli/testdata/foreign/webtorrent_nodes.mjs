// webtorrent's DHT nodes (npm bittorrent-dht) that the Go test drives: one JSON command a line in, one
// JSON answer a line out. Each "start" is a node of its own on its own loopback address.

import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { createInterface } from 'node:readline'
import DHT from 'bittorrent-dht'

const nodes = []

// start joins through dhtop and counts what the socket sends to it.
async function start ({ ip, dhtop }) {
  const dht = new DHT({ bootstrap: [dhtop], verify: isSigned })
  const sent = {}
  const socket = dht._rpc.socket
  const send = socket.send
  socket.send = function (peer, message, cb) {
    if (message.q === 'get_peers' && address(peer) === dhtop) {
      const hash = message.a.info_hash.toString('hex')
      sent[hash] = (sent[hash] || 0) + 1
    }
    return send.call(this, peer, message, cb)
  }
  nodes.push({ dht, sent, dhtop })
  await new Promise((resolve, reject) => {
    dht.once('error', reject)
    dht.once('ready', resolve)
    dht.listen(0, ip)
  })
  const { port } = dht.address()
  return `${ip}:${port}`
}

function announce ({ dht }, { info_hash: hash, port }) {
  const { address: host, port: own } = dht.address()
  return new Promise((resolve, reject) => {
    dht.announce(hash, port, err => err ? reject(err) : resolve(`${host}:${port || own}`))
  })
}

// find looks the hash up and returns the peers that dhtop told.
function find ({ dht, dhtop }, { info_hash: hash }) {
  const found = new Set()
  const onpeer = (peer, h, from) => {
    if (h.toString('hex') === hash && from && address(from) === dhtop) found.add(address(peer))
  }
  dht.on('peer', onpeer)
  return new Promise((resolve, reject) => {
    dht.lookup(hash, err => {
      dht.removeListener('peer', onpeer)
      if (err) reject(err)
      else resolve([...found])
    })
  })
}

// seek looks a hash up until somebody told of a peer, for half a minute, and returns the peers.
async function seek ({ dht }, { info_hash: hash }) {
  const found = new Set()
  const onpeer = (peer, h, from) => {
    if (h.toString('hex') === hash && from) found.add(address(peer))
  }
  dht.on('peer', onpeer)
  for (const end = Date.now() + 30000; !found.size && Date.now() < end;) {
    await new Promise(resolve => dht.lookup(hash, resolve))
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  dht.removeListener('peer', onpeer)
  return [...found]
}

// get looks for an item and returns what the nodes have, not what this one may have stored itself.
function get ({ dht }, { target, salt }) {
  return new Promise((resolve, reject) => {
    dht.get(target, { salt: salt ? Buffer.from(salt) : undefined, cache: false }, (err, item) => {
      if (err) reject(err)
      else resolve(item)
    })
  })
}

// put stores a string, a mutable one after the version that it finds, and returns its target.
async function put (n, { value, seed, key, salt }) {
  const item = { v: Buffer.from(value) }
  if (seed) {
    const secret = createPrivateKey({ key: Buffer.concat([PKCS8, Buffer.from(seed, 'hex')]), format: 'der', type: 'pkcs8' })
    item.k = Buffer.from(key, 'hex')
    if (salt) item.salt = Buffer.from(salt)
    const named = item.salt ? Buffer.concat([item.k, item.salt]) : item.k
    const old = await get(n, { target: n.dht._hash(named), salt })
    item.seq = old ? old.seq + 1 : 0
    item.sign = data => sign(null, data, secret)
  }
  return new Promise((resolve, reject) => {
    n.dht.put(item, (err, target) => err ? reject(err) : resolve(target.toString('hex')))
  })
}

// What precedes the bytes of an ed25519 key in DER.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

function isSigned (sig, data, key) {
  return verify(null, data, createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' }), sig)
}

function address (peer) {
  return `${peer.address || peer.host}:${peer.port}`
}

function run (c) {
  const n = nodes[c.node]
  switch (c.do) {
    case 'start': return start(c)
    case 'announce': return announce(n, c)
    case 'find': return find(n, c)
    case 'seek': return seek(n, c)
    case 'put': return put(n, c)
    case 'get': return get(n, c).then(item => item ? item.v.toString() : '')
    case 'nodes': return n.dht.toJSON().nodes.map(address)
    case 'sent': return n.sent[c.info_hash] || 0
    default: throw new Error(`unknown command ${c.do}`)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer
  try {
    answer = { ok: await run(JSON.parse(line)) }
  } catch (err) {
    answer = { error: String(err.stack) }
  }
  console.log(JSON.stringify(answer))
}
process.exit(0)
