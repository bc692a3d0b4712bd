package page

import (
	"bytes"
	"encoding/json"
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

var (
	noon   = time.Date(2025, 3, 1, 12, 4, 31, 0, time.UTC)
	hash   = dhtcore.ID{0xde, 0xad}
	asker  = netip.MustParseAddrPort("203.0.113.7:6881")
	attack = `</td><script>alert(1)</script>"'&` + "\x1b[2J"
)

// snapshot is one in which every section has something to show, under names that an attacker chose.
func snapshot() *dhtcore.Snapshot {
	s := &dhtcore.Snapshot{At: noon, Started: noon.Add(-time.Hour), Phase: dhtcore.Serving, Notices: []string{attack},
		Names: map[dhtcore.ID]string{hash: attack},
		Nodes: []dhtcore.Vantage{{Addr: netip.MustParseAddrPort("192.0.2.1:6881"), Good: 8, Bad: 1, Buckets: []dhtcore.BucketView{{Good: 7, Bad: 1}, {Index: 1, Good: 1}}}}}
	s.Hashes = dhtcore.Hashes{Seen: 12, Requests: 40, Top: []dhtcore.HashRow{
		{Rank: 1, InfoHash: hash, Name: attack, Requests: 39, LastSeen: noon}, {Rank: 2, InfoHash: dhtcore.ID{2}, Requests: 1}, {Rank: 3, InfoHash: dhtcore.ID{3}}}}
	s.News.Items = []dhtcore.NewsItem{{At: noon, Kind: dhtcore.Rising, Hash: hash}, {Kind: dhtcore.NewSwarm, Others: 3}, {Kind: dhtcore.LostSeeds, Seeds: 4}}
	s.Lookups = []dhtcore.LookupState{{Target: hash}, {Done: true}, {Done: true, Err: attack}}
	s.Quiet = []dhtcore.Event{{At: noon, Kind: dhtcore.Announced, Hash: hash, Addr: asker}, {Kind: dhtcore.Named, Text: attack}}
	s.Warnings = []dhtcore.Event{{At: noon, Kind: dhtcore.Warning, Text: attack}}
	s.Traffic.History = []float64{1, 2, 3}
	unknown := dhtcore.HistorySample{At: noon}
	for i := range unknown.Values {
		unknown.Values[i] = float32(math.NaN())
	}
	s.History.Samples = []dhtcore.HistorySample{{At: noon.Add(-time.Minute)}, unknown, {At: noon}}
	s.Crawl.Running = true
	s.Tracker = &dhtcore.Tracker{}
	return s
}

func write(t *testing.T, s *dhtcore.Snapshot, o report.Options, live bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, o, live); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNamesOfStrangersStayText(t *testing.T) {
	s := snapshot()
	p, err := Parts(s, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sections map[string]string
	if err := json.Unmarshal(p, &sections); err != nil {
		t.Fatal(err)
	}
	sections["page"] = write(t, s, report.Options{}, false)
	for name, html := range sections {
		if strings.Contains(html, "<script") || strings.Contains(html, "\x1b") {
			t.Errorf("%s: %s", name, html)
		}
	}
	if !strings.Contains(sections["hashes"], "&lt;script&gt;") {
		t.Error("the name is not there")
	}
}

func TestThePartsAreTheSectionsOfThePage(t *testing.T) {
	html := write(t, snapshot(), report.Options{}, true)
	var ids []string
	for _, m := range regexp.MustCompile(`<(?:header|section) id="(\w+)">`).FindAllStringSubmatch(html, -1) {
		ids = append(ids, m[1])
	}
	want := slices.Clone(parts)
	slices.Sort(ids)
	slices.Sort(want)
	if !slices.Equal(ids, want) {
		t.Errorf("%q, not %q", ids, want)
	}
}

func TestThePolicyAllowsWhatThePageHoldsAndNoMore(t *testing.T) {
	html := write(t, snapshot(), report.Options{}, true)
	for _, tag := range []string{"style", "script"} {
		_, rest, _ := strings.Cut(html, "<"+tag+">")
		text, _, found := strings.Cut(rest, "</"+tag+">")
		if !found || !strings.Contains(Policy(), tag+"-src "+source(text)) {
			t.Errorf("%s is not what the policy allows", tag)
		}
	}
	if m := regexp.MustCompile(`(?i)\s(style|on\w+)=|(https?:)?//[a-z]`).FindString(html); m != "" {
		t.Errorf("the policy would refuse %q", m)
	}
	if !strings.Contains(script, `"`+Stream+`"`) {
		t.Error("the script follows another stream")
	}
}

func TestAStillHasNoScript(t *testing.T) {
	html := write(t, snapshot(), report.Options{}, false)
	if strings.Contains(html, "<script") || !strings.HasPrefix(html, "<!doctype html>") {
		t.Error(html[:200])
	}
}

func TestAddressesAreMasked(t *testing.T) {
	html := write(t, snapshot(), report.Options{MaskAddrs: true}, false)
	if strings.Contains(html, "203.0.113.7") || strings.Contains(html, "192.0.2.1") || !strings.Contains(html, "203.0.113.") {
		t.Error("an address shows, or none does")
	}
}

func TestAPageBeforeAnythingWasSeen(t *testing.T) {
	html := write(t, &dhtcore.Snapshot{}, report.Options{}, true)
	for _, says := range []string{"Nobody has asked this node", "No nodes yet", "None yet"} {
		if !strings.Contains(html, says) {
			t.Errorf("it does not say %q", says)
		}
	}
}

func TestHashesThatNobodyAskedForAreCounted(t *testing.T) {
	c := newContent(snapshot(), report.Options{})
	if rows := c.Hashes(); len(rows) != 2 || c.Hidden() != "10" {
		t.Errorf("%d rows and %s more", len(rows), c.Hidden())
	}
}
