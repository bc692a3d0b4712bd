package lookup

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// How long the closest nodes are queried for more peers of a large swarm, of which each reply is but a
// sample.
const (
	enoughCoverage  = 0.96 // share of the swarm that is known
	maxRepeats      = 32   // repeated queries
	maxRepeatsOfOne = 5    // to one node
	enoughScrapes   = 4    // replies with filters: together these nodes know nearly all that announce
	worthRepeating  = 1.2  // a node is queried again if it has this many times the peers it gave
)

// swarm is what a lookup knows of the peers of its target.
type swarm struct {
	peers    []Peer
	given    []int                  // how often each of peers was given
	index    map[netip.AddrPort]int // in peers
	seeds    peers.Filter           // merged from all replies (BEP 33)
	leechers peers.Filter
	scrapes  int // replies that had filters
}

// add notes that the node at from gave the peer p, and reports whether p is new.
func (s *swarm) add(p, from netip.AddrPort, now time.Duration) bool {
	i, known := s.index[p]
	if !known {
		i = len(s.peers)
		s.index[p] = i
		s.peers = append(s.peers, Peer{Addr: p, Found: now})
		s.given = append(s.given, 0)
	}
	s.given[i]++
	if !slices.Contains(s.peers[i].From, from) {
		s.peers[i].From = append(slices.Clip(s.peers[i].From), from)
	}
	return !known
}

// addFilters merges the filters of one reply and returns how many peers that node has.
func (s *swarm) addFilters(seeds, leechers *peers.Filter) float64 {
	s.seeds.Merge(seeds)
	s.leechers.Merge(leechers)
	s.scrapes++
	own := *seeds
	own.Merge(leechers)
	return own.Estimate()
}

// size estimates the size of the swarm by the filters of all nodes.
func (s *swarm) size() float64 {
	all := s.seeds
	all.Merge(&s.leechers)
	return all.Estimate()
}

// coverage estimates how much of the swarm is known: the share of the peers given so far that were not
// given just once (I. J. Good and A. Turing, 1953). It is 1 while none was given.
func (s *swarm) coverage() float64 {
	total, once := 0, 0
	for _, n := range s.given {
		total += n
		if n == 1 {
			once++
		}
	}
	if total == 0 {
		return 1
	}
	return 1 - float64(once)/float64(total)
}

// source is what a lookup knows of one node as a source of peers.
type source struct {
	repeats   int     // queries after the first
	scraped   bool    // it was asked for its filters (BEP 33)
	exhausted bool    // the last repeat brought no new peer
	holds     float64 // how many peers it has by its filters; 0 while unknown
}

// before reports whether c is queried again before other: the one with fewer repeats, then the faster one.
func (c *candidate) before(other *candidate) bool {
	if c.source.repeats != other.source.repeats {
		return c.source.repeats < other.source.repeats
	}
	return c.rtt < other.rtt
}

// addPeers takes the peers and filters out of a reply of c and returns the peers that are new.
func (l *Lookup) addPeers(c *candidate, r *wire.Reply) (fresh []netip.AddrPort) {
	now := time.Since(l.started)
	c.step.FalsePeers += r.FalsePeers
	for _, p := range r.Peers {
		if l.swarm.add(p, c.step.Addr, now) {
			fresh = append(fresh, p)
		}
	}
	if r.SeedFilter != nil && r.PeerFilter != nil {
		c.source.holds = l.swarm.addFilters((*peers.Filter)(r.SeedFilter), (*peers.Filter)(r.PeerFilter))
	}
	return fresh
}

// handleMorePeers takes in the reply to a repeated query. No reply, or a useless one, is no lie here.
func (l *Lookup) handleMorePeers(r result) (fresh []netip.AddrPort) {
	c := r.to
	if !r.valid() {
		c.source.exhausted = true
		return nil
	}
	fresh = l.addPeers(c, &r.reply)
	c.step.Peers = max(c.step.Peers, len(r.reply.Peers))
	if len(r.reply.Token) > 0 {
		c.token = r.reply.Token
	}
	c.source.exhausted = len(fresh) == 0 && r.purpose != forFilters // a scrape may be answered with filters alone
	return fresh
}

// nextForPeers returns a repeated query to one of the closest nodes that had peers: for its BEP 33
// filters, which some clients send instead of peers, or for more peers. It returns nil when neither is
// worth a query or enough are in flight. mu is held.
func (l *Lookup) nextForPeers() *query {
	if len(l.swarm.peers) == 0 || l.cfg.Method != wire.GetPeers || l.cfg.Brief {
		return nil
	}
	open, scrapes := l.open.repeats()
	if open >= l.cfg.K {
		return nil
	}
	wantFilters := l.swarm.scrapes+scrapes < enoughScrapes
	wantPeers := l.repeats() < maxRepeats && l.swarm.coverage() < enoughCoverage
	var best *candidate
	for _, c := range l.freeSources() {
		useful := wantFilters && !c.source.scraped || wantPeers && l.mayHaveMore(c)
		if useful && (best == nil || c.before(best)) {
			best = c
		}
	}
	if best == nil {
		return nil
	}
	best.source.repeats++
	if wantFilters && !best.source.scraped {
		best.source.scraped = true
		return &query{to: best, purpose: forFilters}
	}
	return &query{to: best, purpose: forPeers}
}

// repeats counts the repeated queries so far.
func (l *Lookup) repeats() (n int) {
	for _, c := range l.queried {
		n += c.source.repeats
	}
	return n
}

// freeSources returns the closest nodes that had peers and have no open query.
func (l *Lookup) freeSources() []*candidate {
	return slices.DeleteFunc(l.closest(anyNode), func(c *candidate) bool {
		return c.step.Peers == 0 || l.open.include(c)
	})
}

// mayHaveMore reports whether c may have peers that it has not given: judged by its own filters, else by
// the merged ones. Without any it may, unless filters are on their way.
func (l *Lookup) mayHaveMore(c *candidate) bool {
	given := worthRepeating * float64(c.step.Peers)
	switch {
	case c.source.exhausted || c.source.repeats >= maxRepeatsOfOne:
		return false
	case c.source.holds > 0:
		return c.source.holds > given
	case l.swarm.scrapes > 0:
		return l.swarm.size() > given
	}
	_, scrapes := l.open.repeats()
	return scrapes == 0
}
