package page

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func TestThePageOfTheTrackerEscapesNamesAndMasksAddresses(t *testing.T) {
	s := snapshot()
	s.Tracker.HTTP = netip.MustParseAddrPort("203.0.113.7:6969")
	s.Tracker.Clients = []dhtcore.TrackerClient{{Name: attack, Announces: 3}}
	s.Tracker.RefusedHTTP[0] = 5
	torrents := []dhtcore.TrackedTorrent{
		{SwarmRow: dhtcore.SwarmRow{Rank: 1, InfoHash: hash, Name: attack, Seeders: 1234, Leechers: 2, Completed: 7, Rate: 0.5}, Size: 1 << 30},
		{SwarmRow: dhtcore.SwarmRow{Rank: 2, InfoHash: dhtcore.ID{2}}, Registered: true},
	}
	for mask, want := range map[bool]string{false: "http://203.0.113.7:6969/announce", true: "http://203.0.113.0/24/announce"} {
		var b bytes.Buffer
		if err := WriteTracker(&b, s, torrents, 1, report.Options{MaskAddrs: mask}); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for _, want := range []string{want, "1,234", "&lt;/td&gt;&lt;script&gt;", ">malformed<", dhtcore.ID{2}.String()} {
			if !strings.Contains(text, want) {
				t.Errorf("the page lacks %q:\n%s", want, text)
			}
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "\x1b") || mask && strings.Contains(text, "203.0.113.7") {
			t.Errorf("the page has what it must not have:\n%s", text)
		}
	}
	if strings.Contains(TrackerPolicy(), "script-src") || !strings.HasPrefix(TrackerPolicy(), "default-src 'none'; style-src 'sha256-") {
		t.Errorf("%s", TrackerPolicy())
	}
}
