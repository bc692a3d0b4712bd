package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

func TestTheClosingListSaysHowEachHashWasFound(t *testing.T) {
	s := &dhtcore.Snapshot{Hashes: dhtcore.Hashes{Seen: 4, Top: []dhtcore.HashRow{
		{Rank: 1, InfoHash: id(1), Requests: 3, Sources: 2, Samples: 9},
		{Rank: 2, InfoHash: id(2), Announces: 1, Sources: 1, Samples: 5},
		{Rank: 3, InfoHash: id(3), Samples: 4, Name: "a name"},
		{Rank: 4, InfoHash: id(4), Samples: 1},
	}}}
	var b bytes.Buffer
	if err := WriteCrawl(&b, s, len(s.Hashes.Top)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")[2:]
	for i, want := range []string{"(3 requests, 2 sources)", "(0 requests, 1 source)", "(4 samples)  a name", "(1 sample)"} {
		if !strings.HasSuffix(lines[i], want) {
			t.Errorf("%q does not end in %q", lines[i], want)
		}
	}
}

func TestTheSizeIsWithinItsIntervalAsPrinted(t *testing.T) {
	for _, size := range []dhtcore.Size{
		{Nodes: 100.4, Low: 100.4, High: 100.4},
		{Nodes: 100.5, Low: 100.5, High: 100.5},
		{Nodes: 99.6, Low: 99.9, High: 99.7}, // low was cut at what has been seen
		{Nodes: 9.4e6, Low: 8.1e6, High: 10.9e6},
	} {
		got := networkSize(&dhtcore.Snapshot{NetworkSize: size})
		if *got.Low > *got.Estimate || *got.Estimate > *got.High || math.Abs(float64(*got.Estimate)-size.Nodes) > 0.5 {
			t.Errorf("%+v is printed as %+v", size, got)
		}
	}
	unknown := dhtcore.Size{Nodes: 50, Low: 10, High: math.Inf(1)}
	if got := networkSize(&dhtcore.Snapshot{NetworkSize: unknown}); got != (NetworkSize{}) {
		t.Errorf("%+v is printed as %+v", unknown, got)
	}
}
