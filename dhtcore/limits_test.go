package dhtcore

import "testing"

func TestLimitsAreScaledWithinBoundsForAllIdentitiesTogether(t *testing.T) {
	cfg := offline("")
	cfg.Vantages, cfg.Limits = 2, Limits{Packets: 100, New: 600, Inbound: 50, InboundPerSource: 7}
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, c := range []struct{ factor, scale float64 }{{2, 2}, {2, 4}, {0.5, 2}, {1000, mostScale}, {2, mostScale}, {0, leastScale}, {16, 1}} {
		got := e.ScaleLimits(c.factor)
		want := Limits{Packets: 100 * c.scale, New: 600 * c.scale, Inbound: 50, InboundPerSource: 7} // Bytes stays lifted
		if now := e.vantages.list[0].Limits().Plus(e.vantages.list[1].Limits()); got != want || now != want {
			t.Errorf("times %v: told %+v, %+v is in force, want %+v", c.factor, got, now, want)
		}
	}
}
