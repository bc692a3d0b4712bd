package node_test

import (
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestLimitsThatAreScaledHoldAtOnce(t *testing.T) {
	same := func(int) wire.Contact { return nobody(0) }
	for name, c := range map[string]struct {
		limits node.Limits
		to     func(int) wire.Contact
		scale  float64
		want   time.Duration // of 12 queries after the burst is spent: too few in all for a review
	}{
		"packets, faster":          {node.Limits{Packets: 10}, same, 2, 600 * time.Millisecond},
		"packets, slower":          {node.Limits{Packets: 10}, same, 0.5, 2400 * time.Millisecond},
		"bytes, faster":            {node.Limits{Bytes: 1100}, same, 2, 600 * time.Millisecond},
		"new destinations, slower": {node.Limits{New: 20}, nobody, 0.5, 72 * time.Second},
		"lifted limits stay so":    {node.Limits{}, nobody, 0.5, 0},
	} {
		onAir(t, node.Config{Limits: c.limits, Timeout: time.Nanosecond}, func(r *rig) {
			r.pings(5, func(i int) wire.Contact { return c.to(1000 + i) })
			r.node.ScaleLimits(c.scale)
			if took := r.pings(12, c.to); took < c.want*95/100 || took > c.want*105/100+time.Microsecond {
				t.Errorf("%s: 12 queries took %s, want %s", name, took, c.want)
			}
			if got, want := r.node.Limits().Packets, c.limits.Packets*c.scale; got != want {
				t.Errorf("%s: %v packets/s are in force, want %v", name, got, want)
			}
		})
	}
}
