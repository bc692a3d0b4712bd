package node_test

import (
	"math"
	"testing"
	"time"

	"dhtop/dhtcore/node"
)

func TestTheBucketsOfAnRTTHistogramGrowByAQuarterAtMost(t *testing.T) {
	for i := 1; i < node.RTTBuckets-1; i++ {
		from, to := node.RTTBound(i), node.RTTBound(i+1)
		if to <= from || float64(to)/float64(from) > 1.25001 {
			t.Fatalf("bucket %d is %s to %s", i, from, to)
		}
	}
	if last := node.RTTBound(node.RTTBuckets - 1); last < 2*node.DefaultTimeout-2*time.Second {
		t.Errorf("the last bucket begins at %s", last)
	}
}

func TestQuantilesOfAnRTTHistogram(t *testing.T) {
	var h node.RTTHistogram
	if h.Quantile(0.5) != 0 {
		t.Error("no replies have a median")
	}
	for i := range 1000 { // 1 ms to 1 s, evenly
		h.See(time.Duration(i+1) * time.Millisecond)
	}
	for q, want := range map[float64]time.Duration{0.5: 500 * time.Millisecond, 0.95: 950 * time.Millisecond, 0.99: 990 * time.Millisecond} {
		if got := h.Quantile(q); math.Abs(got.Seconds()/want.Seconds()-1) > 0.125 {
			t.Errorf("the quantile %v is %s, want %s", q, got, want)
		}
	}
	twice := h
	twice.Add(&h)
	twice.Sub(&h)
	if twice != h || h.Count() != 1000 {
		t.Errorf("%d replies", h.Count())
	}
	var odd node.RTTHistogram
	for _, d := range []time.Duration{-1, 0, time.Microsecond, math.MaxInt64} {
		odd.See(d)
	}
	if odd[0] != 3 || odd[node.RTTBuckets-1] != 1 {
		t.Error("odd times are lost")
	}
}
