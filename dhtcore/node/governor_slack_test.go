package node

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheSlackIsWhatIsLeftOfTheScarcestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGovernor(Limits{Packets: 100, New: 60_000})
		time.Sleep(time.Second)
		ip := netip.MustParseAddr("8.8.0.0")
		ask := func(n int) {
			for range n {
				if err := g.wait(t.Context(), netip.AddrPortFrom(ip, 6881), true); err != nil {
					t.Fatal(err)
				}
				ip = ip.Next()
			}
		}
		if s := g.slack(time.Now()); s != 1 {
			t.Errorf("idle: %v", s)
		}
		ask(25) // of the 50 that are saved up
		if s := g.slack(time.Now()); s != 0.5 {
			t.Errorf("half of it asked for: %v", s)
		}
		ask(40)
		if s := g.slack(time.Now()); s > 0.05 {
			t.Errorf("all of it asked for: %v", s)
		}
		time.Sleep(2 * time.Second)
		for range reviewLeast {
			g.ended(false, time.Now())
		}
		if s := g.slack(time.Now()); s != 0 {
			t.Errorf("nobody replies: %v", s)
		}
		if s := newGovernor(Limits{}).slack(time.Now()); s != 1 {
			t.Errorf("without limits: %v", s)
		}
	})
}
