package crawl

import (
	"slices"
	"testing"
)

func TestTheMeterShowsTwoMinutesAndTheRateOfFiveSeconds(t *testing.T) {
	var m meter
	if m.rate() != 0 || len(m.history()) != 0 {
		t.Error("an empty meter shows something")
	}
	for _, total := range []uint64{10, 30} {
		m.tick(total)
	}
	if m.rate() != 15 || !slices.Equal(m.history(), []float64{10, 20}) {
		t.Errorf("rate %.1f, history %v", m.rate(), m.history())
	}
	total := uint64(30)
	for i := range 130 {
		total += uint64(i)
		m.tick(total)
	}
	if h := m.history(); len(h) != 120 || h[0] != 10 || h[119] != 129 {
		t.Errorf("%d seconds from %v to %v", len(h), h[0], h[len(h)-1])
	}
	if m.rate() != 127 {
		t.Errorf("the rate is %.1f", m.rate())
	}
}
