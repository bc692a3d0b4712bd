package simnet

import (
	"errors"
	"net"
	"net/netip"
	"testing"

	"dhtop/dhtcore/node"
)

func TestTheMemnetLosesItsShareAndRefusesATakenAddress(t *testing.T) {
	mem := NewMemnet(0.25, 1)
	to, err := mem.Listen(netip.MustParseAddrPort("10.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mem.Listen(to.LocalAddr()); err == nil {
		t.Error("an address was given twice")
	}
	from, err := mem.Listen(netip.MustParseAddrPort("10.0.0.2:1"))
	if err != nil {
		t.Fatal(err)
	}
	for range inboxLen {
		from.WriteBatch([]node.Packet{{Buf: []byte("x"), Addr: to.LocalAddr()}}) //nolint:errcheck // never fails
	}
	if got := len(to.(*memConn).inbox); got < inboxLen*70/100 || got > inboxLen*80/100 {
		t.Errorf("%d of %d packets arrived", got, inboxLen)
	}
	to.Close()
	ps := []node.Packet{{Buf: make([]byte, 0, 10)}}
	for {
		if _, err := to.ReadBatch(ps); errors.Is(err, net.ErrClosed) {
			break
		}
	}
}
