package crawl

import (
	"math"
	"testing"
)

func TestLiarsDoNotMakeTheNetworkSeemDense(t *testing.T) {
	var s density
	s.begin(0)
	honest := [...]int{11, 12, 12, 12, 13, 13, 14, 12}
	for i := range 8000 {
		s[honest[i%len(honest)]]++
	}
	before := s.mean()
	for range 1500 { // in a row
		s[40]++
	}
	if after := s.mean(); before < 12 || before > 13 || after-before > 0.3 {
		t.Errorf("the mean was %.2f and is %.2f after the liars", before, after)
	}
}

func TestWhatIsKnownOfTheDensityCountsForAWhile(t *testing.T) {
	var s density
	s.begin(12.25)
	if m := s.mean(); math.Abs(m-12.25) > 0.3 {
		t.Errorf("12.25 is remembered as %.2f", m)
	}
	for range 20 * firstSpans {
		s[15]++
	}
	if m := s.mean(); m != 15 {
		t.Errorf("20 times as many answers later it is %.2f", m)
	}
	s.begin(0)
	s[7]++
	if m := s.mean(); m != 7 {
		t.Errorf("the first answer makes it %.2f", m)
	}
}
