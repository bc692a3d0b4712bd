package report

import (
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestAPageIsWrittenByHandAsByTheLibrary(t *testing.T) {
	now := time.Unix(1_800_000_000, 123_456_789)
	rows := []dhtcore.HashRow{
		{},
		{Rank: 1, InfoHash: [20]byte{0xab}, Name: "a \"name\"\u202e <&> é \x1b", Requests: 1, RawRequests: 1 << 40, Maintenance: 2, Announces: 3, Samples: 4, Tracked: 5,
			Sources: 6, Peers: 7, Seeds: 8, PeersEstimate: 9, FirstSeen: now, LastSeen: now.Add(time.Hour), Vantages: 5, Rate: 0.123456, Minutes: 10, Hour: 11, Related: 12},
		{Rate: 1e9, Maintenance: 1},
	}
	for _, next := range []string{"", "bmV4dA"} {
		p := NewHashPage(now, "requests", "desc", 12_345, rows, next)
		var want strings.Builder
		if err := WriteNDJSON(&want, p); err != nil {
			t.Fatal(err)
		}
		if got := string(p.AppendJSON(nil)); got != want.String() {
			t.Errorf("by hand\n%s\nby the library\n%s", got, &want)
		}
	}
}
