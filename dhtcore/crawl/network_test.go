package crawl

import (
	"math"
	"testing"

	"dhtop/dhtcore/wire"
)

// twoNetworks have leaves of 8 bits and the cursors there.
func twoNetworks(leaf4, leaf6 uint64) *networks {
	var n networks
	n[wire.IPv4].sweep, n[wire.IPv6].sweep = *sweepAt(8, leaf4), *sweepAt(8, leaf6)
	return &n
}

var (
	only4 = trusted{at(1)}
	only6 = trusted{six(1)}
	both  = trusted{at(1), six(1)}
)

func TestTheSweepThatIsBehindIsAskedFor(t *testing.T) {
	add4 := func(n *networks) { n[0].sweep.add(at(0xf0)) }
	add6 := func(n *networks) { n[1].sweep.add(six(0xf0)) }
	for name, c := range map[string]struct {
		n    *networks
		add  []func(*networks)
		want wire.Family
		some bool
	}{
		"none":                 {twoNetworks(0, 0), nil, 0, false},
		"only IPv4":            {twoNetworks(0x50, 0x40), []func(*networks){add4}, wire.IPv4, true},
		"only IPv6":            {twoNetworks(0x40, 0x50), []func(*networks){add6}, wire.IPv6, true},
		"IPv6 is behind":       {twoNetworks(0x50, 0x40), []func(*networks){add4, add6}, wire.IPv6, true},
		"IPv4 is behind":       {twoNetworks(0x40, 0x50), []func(*networks){add4, add6}, wire.IPv4, true},
		"IPv4 of equal places": {twoNetworks(0x40, 0x40), []func(*networks){add4, add6}, wire.IPv4, true},
	} {
		for _, add := range c.add {
			add(c.n)
		}
		if got, some := c.n.lagging(); got != c.want || some != c.some {
			t.Errorf("%s: %v, %v", name, got, some)
		}
	}
}

func TestASweepIsOverWhereNobodyIsLeftOrThereIsNoNetwork(t *testing.T) {
	for _, c := range []struct {
		leaf4, leaf6 uint64
		trusted      trusted
		want         bool
	}{
		{256, 256, both, true}, {256, 255, both, false}, {255, 256, both, false}, {256, 0, only4, true}, {0, 256, only6, true}, {0, 256, only4, false},
	} {
		n := twoNetworks(c.leaf4, c.leaf6)
		if got := n.swept(c.trusted); got != c.want {
			t.Errorf("cursors at %d and %d: over %v", c.leaf4, c.leaf6, got)
		}
		n[wire.IPv6].sweep.add(six(1))
		if n.swept(c.trusted) {
			t.Error("over with a candidate left")
		}
	}
}

func TestThePlaceIsThatOfTheNetworkThatIsBehind(t *testing.T) {
	for _, c := range []struct {
		trusted trusted
		want    uint64
	}{{both, 0x30 << 56}, {only4, 0x40 << 56}, {only6, 0x30 << 56}} {
		if got := twoNetworks(0x40, 0x30).place(c.trusted); got != c.want {
			t.Errorf("the place is %x, want %x", got, c.want)
		}
	}
	if got := twoNetworks(0x20, 0x30).place(both); got != 0x20<<56 {
		t.Errorf("the place is %x", got)
	}
}

// 10 nodes answered in the first quarter, and 10 further on: 20 of 40.
func TestVisitsAheadOfTheCursorCountAsDone(t *testing.T) {
	var h heatmap
	for range 10 {
		h.answered(0, 1, wire.IPv4)
		h.answered(1<<63, 1, wire.IPv4)
	}
	n := twoNetworks(0x40, 0x80)
	if done := n.done(only4, &h, 1); math.Abs(done-0.25) > 1e-9 {
		t.Errorf("without a watermark %.3f is done", done)
	}
	n[wire.IPv4].sweep.watermark.finish(0x40 << 56)
	if done := n.done(only4, &h, 1); math.Abs(done-0.5) > 1e-9 {
		t.Errorf("%.3f is done", done)
	}
	if done := n.done(both, &h, 1); math.Abs(done-0.5) > 1e-9 {
		t.Errorf("%.3f is done of both", done)
	}
	n[wire.IPv6].sweep.cursor.leaf = 0x10
	if done := n.done(both, &h, 1); math.Abs(done-1./16) > 1e-9 {
		t.Errorf("%.3f is done of both", done)
	}
	for range 1000 {
		h.answered(1<<63, 1, wire.IPv4)
	}
	if done := n.done(only4, &h, 1); done != 1 {
		t.Errorf("%.3f is done", done)
	}
}
