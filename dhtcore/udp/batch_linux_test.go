package udp_test

import (
	"encoding/binary"
	"net/netip"
	"testing"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/udp"
)

// sockets returns two of one address family, for batches of 8.
func sockets(t *testing.T, ip string) (a, b udp.Conn) {
	t.Helper()
	pair := [2]udp.Conn{}
	for i := range pair {
		conn, err := udp.Listen(netip.AddrPortFrom(netip.MustParseAddr(ip), 0), 8)
		needs.NoError(t, err, "a socket at "+ip)
		t.Cleanup(func() { conn.Close() })
		pair[i] = conn
	}
	return pair[0], pair[1]
}

func TestABatchOfAnyLengthArrivesWholeAndInOrder(t *testing.T) {
	for _, ip := range []string{"127.0.0.1", "::1"} {
		t.Run(ip, func(t *testing.T) {
			a, b := sockets(t, ip)
			const total = 100 // several calls of the system, the last one not full
			var out []udp.Packet
			for i := range uint16(total) {
				out = append(out, udp.Packet{Buf: binary.BigEndian.AppendUint16(nil, i), Addr: b.LocalAddr()})
			}
			if sent, err := a.WriteBatch(out); sent != total || err != nil {
				t.Fatalf("%d sent, %v", sent, err)
			}
			in := make([]udp.Packet, 8)
			for next := uint16(0); next < total; {
				for i := range in {
					in[i].Buf = make([]byte, 0, 16)
				}
				n, err := b.ReadBatch(in)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range in[:n] {
					if len(p.Buf) != 2 || binary.BigEndian.Uint16(p.Buf) != next || p.Addr != a.LocalAddr() {
						t.Fatalf("got %x from %s, want %x from %s", p.Buf, p.Addr, next, a.LocalAddr())
					}
					next++
				}
			}
		})
	}
}
