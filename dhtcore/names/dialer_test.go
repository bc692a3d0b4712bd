package names

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/silent"
)

func TestAPeerThatIsNotThereIsDialedTwice(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var d dialer
	addr := l.Addr().String()
	for range 2 * silent.MaxUnanswered {
		conn, err := d.dial(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatalf("a peer that is there: %v", err)
		}
		conn.Close()
	}
	l.Close()
	if _, err := d.dial(t.Context(), "tcp", addr); err == nil || errors.Is(err, silent.ErrSilent) {
		t.Errorf("a peer that was there is not dialled: %v", err)
	}

	var fresh dialer
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for range 2 * silent.MaxUnanswered {
		fresh.dial(stopped, "tcp", addr) //nolint:errcheck // it is not for the peer to blame
	}
	for range silent.MaxUnanswered {
		if _, err := fresh.dial(t.Context(), "tcp", addr); err == nil || errors.Is(err, silent.ErrSilent) {
			t.Errorf("not dialled: %v", err)
		}
	}
	if !fresh.silent.IsSilent(netip.MustParseAddrPort(addr), time.Now().Add(node.DefaultTimeout)) {
		t.Error("a peer that is not there is dialled again")
	}
}
