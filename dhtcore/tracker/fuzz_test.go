package tracker

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
)

func FuzzHTTPRequest(f *testing.F) {
	f.Add([]byte("GET " + announceURL(hashA, peerA, 1) + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n\r\n"))
	f.Add([]byte("GET /scrape?info_hash=%00&info_hash=+++ HTTP/1.0\n\n"))
	f.Add([]byte("GET http://a/?%69p=%3a%3a HTTP/1.1\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"))
	tr, err := Open(Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		f.Fatal(err)
	}
	s := newHTTPServer(tr, nil)
	d := new(desk)
	f.Fuzz(func(t *testing.T, b []byte) {
		n := headEnd(b, 0)
		if n > len(b) {
			t.Fatalf("a head of %d in %d bytes", n, len(b))
		}
		for cut := range min(n, 64) { // found at the same place however it arrives
			if headEnd(b[:n], n-cut) != n && headEnd(b[:n-cut], 0) == 0 {
				t.Fatalf("a head of %d bytes is not found from %d on", n, n-cut)
			}
		}
		s.answer(d, b[:n], netip.MustParseAddr("127.0.0.1"))
		if len(d.out) < 20 || string(d.out[:9]) != "HTTP/1.1 " {
			t.Fatalf("%q", d.out)
		}
	})
}

func FuzzUDPPacket(f *testing.F) {
	f.Add(connectPacket())
	f.Add(announcePacket(0, hashA, 7, 0, Completed, 2, 1, '/'))
	tr := mustOpen(f)
	a := udpAnswerer{tracker: tr, room: peers.Selection{}}
	from, now := netip.MustParseAddrPort("127.0.0.1:9"), time.Now()
	id := a.ids.of(from.Addr(), now)
	f.Fuzz(func(t *testing.T, b []byte) {
		b = bytes.Clone(b)
		if len(b) >= 8 { // with a valid connection ID the rest is looked at
			for i := range 8 {
				b[i] ^= byte(id >> (56 - 8*i))
			}
		}
		if reply := a.answer(nil, b, from, now); len(reply) > maxReply || len(reply) > 0 && len(reply) < 8 {
			t.Fatalf("an answer of %d bytes", len(reply))
		}
	})
}
