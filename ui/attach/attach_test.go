package attach

import (
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/ui/api"
	"dhtop/views/screen"
)

// joined waits until a screen shows a node that serves and has heard of hashes.
func joined(t *testing.T, core *ui.Core) *dhtcore.Snapshot {
	t.Helper()
	var s *dhtcore.Snapshot
	eventually(t, "the node serves", func() bool {
		s = core.Snapshot()
		return s.Phase == dhtcore.Serving && len(s.Hashes.Top) > 3 && s.Nodes[0].Good > 8
	})
	return s
}

// tokenOf returns the token in a data directory.
func tokenOf(t *testing.T, dir string) func() (string, error) {
	t.Helper()
	return func() (string, error) {
		b, err := os.ReadFile(filepath.Join(dir, "token"))
		return strings.TrimSpace(string(b)), err
	}
}

func TestAttachedScreensSeeTheNodeAndDoNotMoveEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e, server, _ := node(t, lively(), api.Config{Addr: "127.0.0.1:0", DataDir: dir})
	_, a := attached(t, server.URL(), Config{Version: "1.2", Token: tokenOf(t, dir)})
	_, b := attached(t, server.URL(), Config{Version: "1.2"})
	first := joined(t, &a)
	if here := e.Snapshot(); first.Nodes[0].ID != here.Nodes[0].ID || !first.Started.Equal(here.Started) {
		t.Errorf("it sees %v", first.Nodes[0].ID)
	}

	order := dhtcore.Order{Column: dhtcore.ByInfoHash, Ascending: true}
	hash := dhtcore.ID(first.Hashes.Top[0].InfoHash)
	packets, err := dhtcore.ParsePacketFilter("in")
	if err != nil {
		t.Fatal(err)
	}
	a.RankBy(order)
	if err := a.WatchPackets(true, packets); err != nil {
		t.Error(err)
	}
	if err := a.WatchHash(hash); err != nil {
		t.Error(err)
	}
	contact := first.Nodes[0].Contacts[0]
	if err := a.StartPing(contact.Addr, contact.ID, 2); err != nil {
		t.Error(err)
	}
	eventually(t, "what it looks at", func() bool {
		s := a.Snapshot()
		return s.Ranking.Order == order && len(s.Ranking.Rows) > 3 && s.Detail != nil && s.Detail.InfoHash == hash &&
			len(s.Packets.Log) > 3 && s.Packets.Log[0].Payload != nil && s.Pings != nil && s.Pings.Sent == 2
	})
	for _, p := range a.Snapshot().Packets.Log {
		if p.Way != dhtcore.In {
			t.Errorf("a packet that its filter does not let pass: %+v", p.Packet)
		}
	}
	before := b.Snapshot()
	eventually(t, "another picture of the other", func() bool { return b.Snapshot().Revision > before.Revision })
	if s := b.Snapshot(); s.Ranking.Rows != nil || s.Detail != nil || s.Packets.Watched || s.Pings != nil {
		t.Error("the other screen has moved")
	}
	a.RankBy(dhtcore.Order{})
	a.WatchPackets(false, nil) //nolint:errcheck // it has none
	a.WatchHash(dhtcore.ID{})  //nolint:errcheck // as above
	eventually(t, "nothing of its own", func() bool {
		s := a.Snapshot()
		return s.Ranking.Rows == nil && s.Detail == nil && !s.Packets.Watched
	})
	eventually(t, "a past", func() bool {
		_, last := a.Past.Span()
		return !last.IsZero()
	})
	var past *dhtcore.Snapshot
	eventually(t, "a picture of the past", func() bool {
		var at time.Time
		past, at, err = a.Past.At(first.Started.Add(time.Second))
		return err == nil && past != nil && !at.IsZero()
	})
	if past.Nodes[0].ID != first.Nodes[0].ID || past.At.After(a.Snapshot().At) {
		t.Errorf("the past is of %s", past.At)
	}
}

// commands sends what needs the token, and returns the errors.
func commands(core *ui.Core, hash dhtcore.ID) map[string]error {
	_, scrape := core.StartScrape(hash)
	return map[string]error{
		"lookup": core.StartLookup(hash), "announce": core.StartAnnounce(hash, 7), "name": core.StartFetchName(hash), "scrape": scrape,
		"ping": core.StartPing(netip.MustParseAddrPort("127.0.0.1:9"), hash, 1), "conditions": core.Lab.SetConditions(core.Lab.State().Conditions),
		"scenario": core.Lab.Run(nil), "incident": core.Lab.Begin(dhtcore.Incident{Kind: dhtcore.DemandSpike}),
	}
}

func TestCommandsWorkAsIfTheNodeRanHere(t *testing.T) {
	t.Parallel()
	limited := quiet()
	limited.Limits.Packets, limited.Crawl = 5000, true
	e, server, _ := node(t, limited, api.Config{Addr: socketIn(t)})
	_, core := attached(t, server.URL(), Config{})
	hash, link := dhtcore.ID{9, 8, 7}, dhtcore.ID{1, 2, 3}
	core.LearnTorrent(&dhtcore.Torrent{Hashes: []dhtcore.ID{hash, link}, Trackers: []string{"http://127.0.0.1:9/announce"}})
	for what, err := range commands(&core, hash) {
		if err != nil && what != "announce" { // which needs a lookup that has ended
			t.Errorf("%s: %v", what, err)
		}
	}
	core.Note("something was odd")
	core.SetCrawl(false)
	limits := core.ScaleLimits(0.5)
	eventually(t, "all of it is seen", func() bool {
		s := core.Snapshot()
		return len(s.Lookups) > 0 && len(s.Lab.Incidents) > 0 && s.SameTorrent[hash] == link && !s.Crawl.Running &&
			s.Traffic.Limits == limits && len(s.Warnings) > 0
	})
	if here := e.Snapshot().Traffic.Limits; limits != here || limits.Packets <= 0 {
		t.Errorf("limits: %+v here, %+v there", limits, here)
	}
	if there := core.Lab.State(); len(there.Incidents) != 1 || len(there.Scenarios) != len(e.Lab().Scenarios) {
		t.Errorf("the lab there: %+v", there.Incidents)
	}
	core.ZoomCrawl(3)
	if err := core.Lab.Run(&dhtcore.Scenario{Name: "of nobody"}); err == nil {
		t.Error("a scenario that there is not")
	}
	if err := core.Late(); err != nil {
		t.Error(err)
	}
}

func TestWithoutTheTokenAScreenMayOnlyLook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	crawling := quiet()
	crawling.Crawl = true
	_, server, _ := node(t, crawling, api.Config{Addr: "127.0.0.1:0", DataDir: dir})
	c, core := attached(t, server.URL(), Config{})
	hash := dhtcore.ID{9, 8, 7}
	check := func() {
		t.Helper()
		for what, err := range commands(&core, hash) {
			if err == nil || !strings.Contains(err.Error(), "need the token in the data directory") {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	if core.Link().ReadOnly == "" {
		t.Error("it may do all")
	}
	check()
	c.mu.Lock()
	c.state.ReadOnly = "" // as a client that does not care would
	c.mu.Unlock()
	check()
	core.SetCrawl(false)
	eventually(t, "the refusal of what returns none", func() bool { return core.Late() != nil })
	if s := core.Snapshot(); len(s.Lab.Incidents) > 0 || !s.Crawl.Running {
		t.Error("it has done it")
	}
	if err := core.WatchHash(hash); err != nil {
		t.Error(err)
	}
	eventually(t, "the detail", func() bool { return core.Snapshot().Detail != nil })
}

func TestAWrongTokenIsRefused(t *testing.T) {
	t.Parallel()
	_, server, _ := node(t, quiet(), api.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir()})
	c := opened(t, server.URL(), Config{Token: func() (string, error) { return "one that is wrong", nil }})
	if err := c.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "the token is not that of this dhtop") {
		t.Errorf("%v", err)
	}
	if s := c.State(); s.Phase != Refused || !strings.HasPrefix(s.Why, "the token is not") {
		t.Errorf("%+v", s)
	}
}

func TestATokenThatChangesEndsTheCommands(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, server, _ := node(t, quiet(), api.Config{Addr: "127.0.0.1:0", DataDir: dir})
	_, core := attached(t, server.URL(), Config{Token: tokenOf(t, dir)})
	if err := core.StartPing(netip.MustParseAddrPort("127.0.0.1:9"), dhtcore.ID{1}, 1); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "token")); err != nil {
		t.Fatal(err)
	}
	if err := server.ReloadToken(); err != nil {
		t.Fatal(err)
	}
	if err := core.StartPing(netip.MustParseAddrPort("127.0.0.1:9"), dhtcore.ID{1}, 1); err == nil {
		t.Error("the old one opens still")
	}
}

func TestANodeThatRestartsIsShownAgainWithTheSameSelection(t *testing.T) {
	t.Parallel()
	at := api.Config{Addr: socketIn(t)}
	_, _, stop := node(t, quiet(), at)
	c, core := attached(t, at.Addr, Config{})
	order, hash := dhtcore.Order{Column: dhtcore.BySources}, dhtcore.ID{9, 8, 7}
	core.RankBy(order)
	core.WatchHash(hash) //nolint:errcheck // it comes late
	eventually(t, "the detail", func() bool { return core.Snapshot().Detail != nil })
	before := core.Snapshot()
	stop()
	eventually(t, "that it is gone", func() bool { return c.State().Phase == Reconnecting })
	if l := core.Link(); l.Phase != screen.LinkLost || l.Why == "" {
		t.Errorf("%+v", l)
	}
	if s := core.Snapshot(); s.Revision != before.Revision && s.Detail == nil {
		t.Error("the last picture is gone")
	}
	if err := core.StartLookup(hash); err == nil || !strings.Contains(err.Error(), "not connected") {
		t.Errorf("a command meanwhile: %v", err)
	}
	time.Sleep(2 * firstPause) // some attempts fail
	e, _, _ := node(t, quiet(), at)
	eventually(t, "the new one, with the same selection", func() bool {
		s := core.Snapshot()
		return s.Started.Equal(e.Snapshot().Started) && s.Ranking.Order == order && s.Detail != nil && s.Detail.InfoHash == hash
	})
	if s := core.Snapshot(); s.Revision <= before.Revision || core.Link().Phase != screen.LinkConnected {
		t.Errorf("revision %d after %d, %+v", s.Revision, before.Revision, core.Link())
	}
}

func TestNobodyThereIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	c := opened(t, socketIn(t), Config{})
	if err := c.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "no dhtop listens at") {
		t.Errorf("%v", err)
	}
	if s := c.Snapshot(); len(s.Nodes) != 1 || c.State().Phase != Connecting {
		t.Errorf("%+v", c.State())
	}
}

func TestTargets(t *testing.T) {
	for text, want := range map[string]string{
		"unix:/run//dhtop": "unix:/run/dhtop", "http://host:6880": "http://host:6880", "https://host/under/": "https://host/under",
		"127.0.0.1:6880": "http://127.0.0.1:6880", "[::1]:6880": "http://[::1]:6880",
		"": "", "unix:": "", "ftp://host": "", "http://user:word@host": "", "http://": "", "a b": "",
	} {
		got, err := ParseTarget(text)
		if got.String() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestTheCoreOfANodeElsewhereCanDoWhatOneHereCan(t *testing.T) {
	e, err := dhtcore.Open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	here, there := reflect.ValueOf(ui.CoreOf(e)), reflect.ValueOf(opened(t, socketIn(t), Config{}).Core())
	for i := range here.NumField() {
		if name := here.Type().Field(i).Name; !here.Field(i).IsZero() && there.Field(i).IsZero() {
			t.Errorf("it has no %s", name)
		}
	}
	for i := range here.FieldByName("Lab").NumField() {
		if there.FieldByName("Lab").Field(i).IsZero() {
			t.Errorf("its lab has no %s", here.FieldByName("Lab").Type().Field(i).Name)
		}
	}
}
