// webtorrent's tracker on free ports of loopback, over HTTP and UDP: it says its URLs as a line of JSON, and ends with
// its input.
import Server from 'bittorrent-tracker/server'

const server = new Server({ http: true, udp: true, ws: false, stats: false })
server.on('error', (err) => { throw err })
server.on('warning', (err) => console.error(err.message))
server.listen(0, { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' }, () => {
  console.log(JSON.stringify([
    `http://127.0.0.1:${server.http.address().port}/announce`,
    `udp://127.0.0.1:${server.udp.address().port}`
  ]))
})
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
