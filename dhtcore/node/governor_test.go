package node

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheGovernorForgetsWhomItAskedLongAgo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGovernor(Limits{Packets: 1e6, New: 1e9})
		ip := netip.MustParseAddr("8.8.0.0")
		ask := func() {
			if err := g.wait(context.Background(), netip.AddrPortFrom(ip, 6881), true); err != nil {
				t.Fatal(err)
			}
			ip = ip.Next()
		}
		for range 1000 {
			ask()
		}
		if len(g.known) != 1000 || len(g.turns) != 1000 {
			t.Errorf("%d destinations and %d turns are known of 1000", len(g.known), len(g.turns))
		}
		time.Sleep(remember + time.Second)
		ask()
		if len(g.known) != 1 || len(g.turns) != 1 {
			t.Errorf("%d destinations and %d turns are known after a pause", len(g.known), len(g.turns))
		}
	})
}

func TestWhoMustNotWaitForATurnDoesNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, started := newGovernor(Limits{Packets: 1e6, New: 1e9}), time.Now()
		host := netip.MustParseAddr("8.8.0.0")
		for i := range 3 * sameIPBurst {
			err := g.wait(t.Context(), netip.AddrPortFrom(host, uint16(1024+i)), false)
			if want := i >= sameIPBurst; errors.Is(err, ErrNoTurn) != want {
				t.Errorf("query %d: %v", i, err)
			}
		}
		if took := time.Since(started); took > 0 {
			t.Errorf("it waited for %s", took)
		}
		if err := g.wait(t.Context(), netip.AddrPortFrom(host, 1), true); err != nil || time.Since(started) != sameIPEvery {
			t.Errorf("%v after %s", err, time.Since(started))
		}
	})
}
