// npm's pkarr client, once: "publish HOST:PORT" joins through that node, publishes records of a new key and prints the
// key; "resolve HOST:PORT KEY" prints the records that it finds, as JSON.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignedPacket, generateKeyPair, z32 } from 'pkarr'
import { DHT } from 'pkarr/lib/dht.js'
import { decodeKey } from 'pkarr/lib/tools.js'

const [, , verb, bootstrap, key] = process.argv
const dht = new DHT({ bootstrap: [bootstrap], storageLocation: mkdtempSync(join(tmpdir(), 'pkarr-')) })

if (verb === 'publish') {
  const pair = generateKeyPair()
  const packet = SignedPacket.fromPacket(pair, {
    id: 0,
    type: 'response',
    flags: 0,
    answers: [
      { name: '@', type: 'A', ttl: 300, data: '192.0.2.7' },
      { name: '_proto.sub', type: 'TXT', ttl: 4294967295, data: ['foo="bar"', Buffer.from([27, 255])] },
      { name: 'www', type: 'CNAME', ttl: 30, data: 'example.com' }
    ]
  })
  await dht.put(packet.bep44Args())
  console.log(z32.encode(pair.publicKey))
} else {
  const found = await dht.get(decodeKey(key), { fullLookup: true })
  console.log(JSON.stringify(found && SignedPacket.fromBep44Args(found).packet().answers))
}
process.exit(0)
