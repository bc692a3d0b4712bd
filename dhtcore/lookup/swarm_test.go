package lookup

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

func peer(i byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{20, 0, 0, i}), 6881)
}

// sources returns a get_peers lookup whose n closest nodes have each given a peer of its own.
func sources(n byte) *Lookup {
	l := fresh(Config{Method: wire.GetPeers})
	for i := range n {
		l.learn(at(i, 1, i), nil)
	}
	for i, c := range l.shortlists[0].sorted {
		c.become(replied)
		c.rtt = time.Duration(i+1) * time.Millisecond
		c.step.Peers = len(l.addPeers(c, &wire.Reply{Peers: []netip.AddrPort{peer(byte(i))}}))
		l.queried = append(l.queried, c)
	}
	return l
}

func TestCoverageIsOneLessTheShareOfPeersGivenOnce(t *testing.T) {
	s := swarm{index: make(map[netip.AddrPort]int)}
	if s.coverage() != 1 {
		t.Errorf("coverage %.2f of nothing", s.coverage())
	}
	a, b := at(1, 1).Addr, at(2, 2).Addr
	for i := range byte(4) {
		if !s.add(peer(i), a, time.Second) {
			t.Errorf("peer %d is not new", i)
		}
	}
	if s.coverage() != 0 {
		t.Errorf("coverage %.2f when each was given once", s.coverage())
	}
	for range 2 {
		if s.add(peer(0), b, time.Minute) {
			t.Error("a known peer is new")
		}
	}
	if math.Abs(s.coverage()-0.5) > 1e-9 { // 3 of 6
		t.Errorf("coverage %.2f", s.coverage())
	}
	if p := s.peers[0]; p.Found != time.Second || len(p.From) != 2 || p.From[0] != a || p.From[1] != b {
		t.Errorf("peer %+v", p)
	}
}

func TestPeersThatCannotBeAreCountedAgainstWhoToldOfThem(t *testing.T) {
	l := sources(2)
	l.addPeers(l.queried[1], &wire.Reply{Peers: []netip.AddrPort{peer(9)}, FalsePeers: 3})
	l.addPeers(l.queried[1], &wire.Reply{FalsePeers: 2})
	s := l.State()
	if s.Steps[0].FalsePeers != 0 || s.Steps[1].FalsePeers != 5 || s.FalsePeers() != 5 || len(s.Peers) != 3 {
		t.Errorf("%d and %d, %d in all, %d peers", s.Steps[0].FalsePeers, s.Steps[1].FalsePeers, s.FalsePeers(), len(s.Peers))
	}
}

func TestASourceMayHaveMore(t *testing.T) {
	l := sources(2)
	c := l.shortlists[0].sorted[0]
	c.step.Peers = 50
	filters := func(n byte) (r wire.Reply) {
		r.SeedFilter, r.PeerFilter = new([wire.FilterLen]byte), new([wire.FilterLen]byte)
		for i := range n {
			(*peers.Filter)(r.PeerFilter).Add(peer(i).Addr())
		}
		return r
	}
	check := func(what string, want bool) {
		t.Helper()
		if l.mayHaveMore(c) != want {
			t.Errorf("%s: it may have more: %v", what, !want)
		}
	}
	check("nothing is known of the swarm", true)
	l.open = []*query{{to: l.shortlists[0].sorted[1], purpose: forFilters}}
	check("filters are on their way", false)
	l.open[0].overdue = true
	check("filters are overdue", true)
	l.open = nil
	r := filters(55)
	l.addPeers(l.shortlists[0].sorted[1], &r)
	check("all filters have a tenth more", false)
	r = filters(100)
	l.addPeers(l.shortlists[0].sorted[1], &r)
	check("the filters of another have twice as many", true)
	r = filters(50)
	l.addPeers(c, &r)
	check("its own filters have what it gave", false)
	c.source.holds = 61
	check("its own filters have more", true)
	c.source.repeats = 4
	check("after four repeats", true)
	c.source.repeats = 5
	check("after five repeats", false)
	c.source.repeats, c.source.exhausted = 0, true
	check("it is exhausted", false)
}

func TestAScrapeWithoutNewPeersDoesNotExhaustASource(t *testing.T) {
	for p, want := range map[purpose]bool{forPeers: true, forFilters: false} {
		l := sources(1)
		c := l.shortlists[0].sorted[0]
		l.handleMorePeers((&query{to: c, purpose: p}).reply(time.Millisecond))
		if c.source.exhausted != want {
			t.Errorf("purpose %d: exhausted %v", p, c.source.exhausted)
		}
	}
}

func TestFewRepeatsAreInFlightAndEverySourceHasItsTurn(t *testing.T) {
	l := sources(8)
	l.swarm.scrapes = 4 // no more filters are wanted
	for _, c := range l.shortlists[0].sorted {
		c.source.holds = 100
	}
	for i := range 8 {
		q := l.nextForPeers()
		if q == nil || q.purpose != forPeers || q.to != l.shortlists[0].sorted[i] {
			t.Fatalf("query %d is %+v", i, q)
		}
		l.open = append(l.open, q)
		if i == 3 {
			l.open = nil // the fast ones are free again, but have had their turn
		}
	}
	for i := range 8 {
		l.open = append(l.open, &query{to: l.newCandidate(at(byte(100+i), 100), nil), purpose: forPeers})
	}
	if q := l.nextForPeers(); q != nil {
		t.Errorf("a query although %d are in flight", len(l.open))
	}
	for _, q := range l.open {
		q.overdue = true
	}
	if l.nextForPeers() == nil {
		t.Error("no query although all are overdue")
	}
}

func TestFiltersAreWantedFirst(t *testing.T) {
	l := sources(8)
	n := 0
	for q := l.nextForPeers(); q != nil && q.purpose == forFilters; q = l.nextForPeers() {
		if !q.to.source.scraped || !l.message(q).Scrape {
			t.Errorf("query %+v", q)
		}
		l.open = append(l.open, q)
		n++
	}
	if n != 4 {
		t.Errorf("%d nodes are asked for filters", n)
	}
}
