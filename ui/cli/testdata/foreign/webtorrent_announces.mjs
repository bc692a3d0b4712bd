// webtorrent's tracker client at each URL of the arguments: a seeder and a leecher announce, the leecher completes, both
// kinds of scrape, the leecher stops. Prints what they were told, as JSON.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { register } from 'node:module'

// WebRTC, which needs a compiler, is left out of it.
const none = 'data:text/javascript,export default class { static WEBRTC_SUPPORT = false }'
register('data:text/javascript,' + encodeURIComponent(`export async function resolve (name, context, next) {
  return name === '@thaunknown/simple-peer/lite.js' ? { url: ${JSON.stringify(none)}, shortCircuit: true } : next(name, context)
}`))
const { default: Client } = await import('bittorrent-tracker')

async function run (url) {
  const infoHash = randomBytes(20).toString('hex')
  const other = randomBytes(20).toString('hex')
  const open = (port) => {
    const client = new Client({ infoHash, peerId: randomBytes(20).toString('hex'), announce: url, port })
    client.on('warning', (err) => client.emit('error', err))
    return client
  }
  const seeder = open(1001)
  const leecher = open(1002)
  const told = async (client, act, event = 'update') => {
    const answer = once(client, event)
    act()
    return (await answer)[0]
  }
  const peers = []
  leecher.on('peer', (addr) => peers.push(addr))

  await told(seeder, () => seeder.start({ left: 0 }))
  const first = await told(leecher, () => leecher.start({ left: 5 }))
  const completed = await told(leecher, () => leecher.complete({ left: 0 }))
  const scrape = await told(leecher, () => leecher.scrape(), 'scrape')
  // Over UDP it asks for the hex digits of several hashes; over HTTP it returns the digits of digits.
  const both = url.startsWith('udp') ? {} : await new Promise((resolve, reject) => {
    Client.scrape({ infoHash: [infoHash, other], announce: url }, (err, all) => err ? reject(err) : resolve(all))
  })
  await told(leecher, () => leecher.stop({ left: 0 }))
  const after = await told(seeder, () => seeder.update({ left: 0 }))
  const counts = ({ complete, incomplete }) => ({ complete, incomplete })
  return {
    peers,
    started: counts(first),
    completed: counts(completed),
    scrape: counts(scrape),
    downloaded: scrape.downloaded,
    both: Object.values(both).map(counts).sort((a, b) => b.complete - a.complete),
    after: counts(after)
  }
}

console.log(JSON.stringify(await Promise.all(process.argv.slice(2).map(run))))
process.exit(0)
