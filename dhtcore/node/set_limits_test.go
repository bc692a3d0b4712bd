package node

import (
	"context"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheLimitsOnOurQueriesCanBeChangedLiftedAndSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGovernor(Limits{Packets: 10, New: 60_000})
		// sends returns how long 20 more queries take, to addresses that are local.
		sends := func() time.Duration {
			began := time.Now()
			for i := range 20 {
				if err := g.wait(context.Background(), netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), 1), true); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(began)
		}
		sends() // uses up what was saved
		if d := sends(); d < 1900*time.Millisecond || d > 2100*time.Millisecond {
			t.Errorf("at 10 a second: %s", d)
		}
		g.set(Limits{Packets: 40}, time.Now())
		sends()
		if d := sends(); d < 450*time.Millisecond || d > 550*time.Millisecond {
			t.Errorf("at 40 a second: %s", d)
		}
		g.scale(0.25, time.Now())
		sends()
		if d := sends(); d < 1900*time.Millisecond || d > 2100*time.Millisecond {
			t.Errorf("at a quarter of it: %s", d)
		}
		g.set(Limits{}, time.Now())
		if d := sends(); d != 0 {
			t.Errorf("without a limit: %s", d)
		}
		g.set(Limits{Packets: 10}, time.Now())
		sends()
		if d := sends(); d < 1900*time.Millisecond || d > 2100*time.Millisecond {
			t.Errorf("at 10 a second again: %s", d)
		}
	})
}

func TestTheLimitsOnWhatOthersSendCanBeChanged(t *testing.T) {
	source1 := netip.MustParseAddrPort("10.0.0.1:6881")
	for _, c := range []struct {
		name         string
		before, then Limits
		want         int // of 100 packets of one source that are judged to be admitted
	}{
		{"tighter", Limits{InboundPerSource: 1000}, Limits{InboundPerSource: 2}, 2 * floodBurstSeconds},
		{"looser", Limits{InboundPerSource: 2}, Limits{InboundPerSource: 1000}, 100},
		{"lifted", Limits{InboundPerSource: 2}, Limits{}, 100},
		{"set", Limits{}, Limits{InboundPerSource: 2}, 2 * floodBurstSeconds},
	} {
		f := newFloodControl(c.before.InboundPerSource, 0, false)
		f.set(c.then.InboundPerSource, 0, false)
		admits := 0
		for range 100 {
			if f.judge(source1, new(sender), time.Unix(1, 0)) == admitted {
				admits++
			}
		}
		if admits != c.want {
			t.Errorf("%s: %d of 100 packets are admitted, want %d", c.name, admits, c.want)
		}
	}
}
