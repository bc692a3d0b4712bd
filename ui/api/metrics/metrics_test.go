package metrics

import (
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

// TestNoOneCanMakeMoreSeries holds that what others send makes no label, so that the number of series is ours to choose.
func TestNoOneCanMakeMoreSeries(t *testing.T) {
	count := func(s *dhtcore.Snapshot) (series int, text string) {
		var b strings.Builder
		if err := Write(&b, s); err != nil {
			t.Fatal(err)
		}
		return len(regexp.MustCompile(`(?m)^dhtop_`).FindAllString(b.String(), -1)), b.String()
	}
	strange := "x\"\n\\\x1b]52;"
	full := &dhtcore.Snapshot{Tracker: new(dhtcore.Tracker), Notices: []string{strange}}
	for range 20 {
		full.Nodes = append(full.Nodes, dhtcore.Vantage{})
	}
	for i := range full.Traffic.Details {
		for j := range full.Traffic.Details[i].RTT {
			full.Traffic.Details[i].RTT[j] = 1
		}
	}
	series, text := count(full)
	if empty, _ := count(&dhtcore.Snapshot{Tracker: new(dhtcore.Tracker)}); series != empty || series > 500 {
		t.Errorf("%d series, and %d of a node that has seen nothing; want the same, and at most 500", series, empty)
	}
	if strings.Contains(text, "52;") {
		t.Error("what others sent is in it")
	}
	last := ""
	for _, m := range regexp.MustCompile(`dhtop_reply_seconds_bucket\{method="ping",le="([^"]+)"\} (\d+)`).FindAllStringSubmatch(text, -1) {
		last = m[1] + " " + m[2]
	}
	if last != "+Inf 70" {
		t.Errorf("the last bucket of a histogram with 70 replies is %q", last)
	}
}
