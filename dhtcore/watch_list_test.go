package dhtcore

import (
	"context"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

func TestWhatIsWatchedIsLookedUpAndKept(t *testing.T) {
	cfg := demoConfig()
	cfg.Watch = &WatchConfig{}
	cfg.Store = "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	hash := testnet.InfoHash(demoSeed, 0)
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	if s := e.Snapshot(); s.Watch != nil {
		t.Fatalf("nothing is watched: %+v", s.Watch)
	}
	if fresh, err := e.Watch(WatchEntry{Target: hash, Label: "mine"}); !fresh || err != nil {
		t.Fatal(fresh, err)
	}
	if fresh, err := e.Watch(WatchEntry{Target: hash, Trackers: []string{"udp://t.example:1"}}); fresh || err != nil {
		t.Fatal(fresh, err)
	}
	other := ID{1}
	if _, err := e.Watch(WatchEntry{Target: other}); err != nil {
		t.Fatal(err)
	}
	s := eventually(t, e, "watched swarm", func(s *Snapshot) bool {
		return s.Watch != nil && len(s.Watch.Rows) == 2 && s.Watch.Rows[0].Last.Peers > 0
	})
	if r := s.Watch.Rows[0]; r.State == WatchWaiting || r.Label != "mine" || len(r.Trackers) != 1 || r.LastAlive.IsZero() || r.Interval == 0 || r.Day.N[23] == 0 {
		t.Errorf("%+v", r)
	}
	if r := s.Watch.Rows[1]; r.State == WatchAlive || !r.LastAlive.IsZero() {
		t.Errorf("nobody has it: %+v", r)
	}
	if err := e.Unwatch(other); err != nil {
		t.Fatal(err)
	}
	if err := e.SetWatchLabel(hash, "ours"); err != nil {
		t.Fatal(err)
	}
	if e.Unwatch(other) == nil || e.SetWatchLabel(other, "x") == nil {
		t.Error("what is not watched was found")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}

	again, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	rows, _ := again.WatchRows()
	if len(rows) != 1 || rows[0].Label != "ours" || rows[0].Last.Peers == 0 || !rows[0].LastAlive.Equal(s.Watch.Rows[0].LastAlive) {
		t.Fatalf("%+v; want what was known", rows)
	}
}

func TestAnObservationSumsUpTheLookupsOfATorrent(t *testing.T) {
	mine := netip.MustParseAddrPort("192.0.2.9:51413")
	from := func(n ...byte) (nodes []netip.AddrPort) {
		for _, i := range n {
			nodes = append(nodes, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, i}), 6881))
		}
		return nodes
	}
	v1 := LookupState{Queries: 50, Round: lookup.Round{Asked: 40, Replied: 30}, Closest: make([]Step, 8), Scrapes: 4, Seeds: 3, Leechers: 1, Coverage: 0.9,
		Peers: []Peer{{Addr: mine, From: from(1, 2, 3)}, {Addr: somebody, From: from(1)}}}
	v2 := LookupState{Queries: 20, Round: lookup.Round{Asked: 10, Replied: 5}, Closest: make([]Step, 5), Scrapes: 1, Seeds: 1, Leechers: 2, Coverage: 1,
		Peers: []Peer{{Addr: somebody, From: from(4)}}, Risk: Risk{Level: HighRisk}}
	o := observationOf(time.Now(), []netip.AddrPort{netip.AddrPortFrom(mine.Addr(), 0)}, &v1, &v2)
	if o.Lost || o.Packets != 70 || o.Replied != 35 || o.Closest != 8 || o.Peers != 2 || !o.SeedsKnown || o.Seeds != 3 || o.Leechers != 2 ||
		!o.MineKnown || o.MineOn != 3 || o.Coverage != 0.9 || o.Risk != HighRisk {
		t.Errorf("%+v", o)
	}
	if o := observationOf(time.Now(), []netip.AddrPort{netip.AddrPortFrom(mine.Addr(), 1)}, &v1); o.MineOn != 0 {
		t.Errorf("another port is another client: %+v", o)
	}
	silent := LookupState{Queries: 9, Round: lookup.Round{Asked: 9, TimedOut: 9}}
	if o := observationOf(time.Now(), nil, &silent); !o.Lost || o.SeedsKnown || o.MineKnown {
		t.Errorf("nobody replied: %+v", o)
	}
	empty := LookupState{Round: lookup.Round{Asked: 9, Replied: 9}, Closest: make([]Step, 8)}
	if o := observationOf(time.Now(), nil, &empty); o.Lost || !o.SeedsKnown || o.Alive() {
		t.Errorf("nobody is there: %+v", o)
	}
	shy := LookupState{Round: lookup.Round{Asked: 9, Replied: 9}, Closest: make([]Step, 8), Peers: v2.Peers}
	if o := observationOf(time.Now(), nil, &shy); o.SeedsKnown || o.Peers != 1 {
		t.Errorf("without filters the seeds are not known: %+v", o)
	}
}

func TestAlertsAreEventsWithTheirRule(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Watch(WatchEntry{Target: ID{1}, Label: "mine"}); err != nil {
		t.Fatal(err)
	}
	var told []Alert
	e.watches.told = append(e.watches.told, func(a Alert) { told = append(told, a) })
	now := time.Now()
	observe := func(seeds, times int) {
		for range times {
			now = now.Add(time.Hour)
			e.watches.takeIn(ID{1}, "", WatchObservation{At: now, Closest: 8, SeedsKnown: true, Seeds: seeds, Peers: seeds})
		}
	}
	observe(2, 3)
	observe(0, 6)
	s := e.watches.current(time.Now())
	if len(s.Alerts) != 1 || s.Alerts[0].Kind != LastSeed || s.Firing[LastSeed] != 1 || s.Fired[LastSeed] != 1 || len(told) != 1 {
		t.Fatalf("%+v %+v", s, told)
	}
	observe(2, 3)
	s = e.watches.current(time.Now())
	if s.Firing[LastSeed] != 0 || s.Fired[LastSeed] != 1 || s.Alerts[0].Firing() && s.Alerts[0].Kind == LastSeed {
		t.Fatalf("%+v", s)
	}
	var rules []string
	events, _ := e.EventsAfter(nil, 0, 100)
	for _, v := range events {
		if v.Kind == journal.Alerted {
			rules = append(rules, v.Rule)
			if v.Hash != (ID{1}) || v.Text == "" || v.At.Before(now.Add(-12*time.Hour)) {
				t.Errorf("%+v", v)
			}
		}
	}
	if len(rules) != 3 || rules[0] != "last_seed" || rules[2] == "" {
		t.Errorf("the events are of %v; want last_seed, its end, and first_peer", rules)
	}
	if _, err := e.Watch(WatchEntry{Target: wire.RandomID()}); err != nil {
		t.Fatal(err)
	}
}
