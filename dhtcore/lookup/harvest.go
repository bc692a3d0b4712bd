package lookup

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// How long the closest nodes are asked for more peers of a large swarm, of which each answer is but a
// sample.
const (
	enoughCoverage = 0.96 // share of the swarm that is known
	maxAgain       = 32   // further questions
	maxAsks        = 6    // questions to one node
	enoughScrapes  = 4    // answers with filters: together they know of nearly all that announce themselves
	sampled        = 1.2  // how many times more peers than it gave a node must have to be asked again
)

// harvest takes in the peers and filters of an answer and returns the peers that are new.
func (l *Lookup) harvest(c *candidate, r *wire.Reply) (fresh []netip.AddrPort) {
	for _, p := range r.Peers {
		if l.peer(p, c.step.Addr) {
			fresh = append(fresh, p)
		}
	}
	if r.SeedFilter != nil && r.PeerFilter != nil {
		l.seeds.Merge((*peers.Filter)(r.SeedFilter))
		l.others.Merge((*peers.Filter)(r.PeerFilter))
		l.scrapes++
		own := *(*peers.Filter)(r.SeedFilter)
		own.Merge((*peers.Filter)(r.PeerFilter))
		c.holds = own.Estimate()
	}
	return fresh
}

// further takes in the answer to a question that was put to a node again. Silence then is no lie.
func (l *Lookup) further(a answer) (fresh []netip.AddrPort) {
	if a.err != nil || a.reply.From.ID != a.c.step.ID {
		a.c.dry = true
		return nil
	}
	fresh = l.harvest(a.c, &a.reply)
	a.c.step.Peers = max(a.c.step.Peers, len(a.reply.Peers))
	if len(a.reply.Token) > 0 {
		a.c.token = a.reply.Token
	}
	a.c.dry = len(fresh) == 0 && !a.scrape // which may be answered with filters alone
	return fresh
}

// peer notes that from gave the peer p, and tells whether p is new.
func (l *Lookup) peer(p, from netip.AddrPort) bool {
	i, known := l.found[p]
	if !known {
		i = len(l.peers)
		l.found[p] = i
		l.peers = append(l.peers, Peer{Addr: p, Found: time.Since(l.started)})
		l.given = append(l.given, 0)
	}
	l.given[i]++
	if !slices.Contains(l.peers[i].From, from) {
		l.peers[i].From = append(slices.Clip(l.peers[i].From), from)
	}
	return !known
}

// coverage estimates how much of the swarm is known: the share of what was given so far that was given
// more than once (I. J. Good and A. Turing, 1953). It is 1 while nothing was given.
func (l *Lookup) coverage() float64 {
	total, once := 0, 0
	for _, n := range l.given {
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

// more returns a question for more peers to one of the closest nodes that had some, or for the BEP 33
// filters, as clients may answer that with the filters instead of peers. Nil when there is nothing to ask
// for. mu is held.
func (l *Lookup) more() *question {
	if len(l.peers) == 0 || l.cfg.Method != wire.GetPeers {
		return nil
	}
	open, scrapes, again := 0, l.scrapes, 0
	for _, q := range l.open {
		if q.again && !q.slow {
			open++
			if q.scrape {
				scrapes++
			}
		}
	}
	if open >= l.cfg.K {
		return nil
	}
	for _, c := range l.asked {
		again += max(c.asks-1, 0)
	}
	enough := again >= maxAgain || l.coverage() >= enoughCoverage
	var best *candidate
	for i := range l.fronts {
		for _, c := range l.fronts[i].closest(l.cfg.K) {
			if c.step.Peers == 0 || l.beingAsked(c) {
				continue
			}
			if (!c.scraped && scrapes < enoughScrapes || !enough && l.hasMore(c)) && (best == nil || c.before(best)) {
				best = c
			}
		}
	}
	if best == nil {
		return nil
	}
	q := &question{c: best, again: true, scrape: !best.scraped && scrapes < enoughScrapes}
	best.scraped = best.scraped || q.scrape
	best.asks++
	return q
}

// hasMore tells whether c may have peers that it has not given: by its filters or those of others, or
// while nobody's are to be had.
func (l *Lookup) hasMore(c *candidate) bool {
	switch {
	case c.dry || c.asks >= maxAsks:
		return false
	case c.holds > 0:
		return c.holds > sampled*float64(c.step.Peers)
	case l.scrapes > 0:
		return l.swarm() > sampled*float64(c.step.Peers)
	}
	return !slices.ContainsFunc(l.open, func(q *question) bool { return q.scrape && !q.slow })
}

// swarm estimates the size of the swarm by the filters of all nodes.
func (l *Lookup) swarm() float64 {
	all := l.seeds
	all.Merge(&l.others)
	return all.Estimate()
}

// before tells whether c is to be asked again before other: those asked less first, then the fast ones.
func (c *candidate) before(other *candidate) bool {
	if c.asks != other.asks {
		return c.asks < other.asks
	}
	return c.rtt < other.rtt
}

// beingAsked tells whether a question to c is open.
func (l *Lookup) beingAsked(c *candidate) bool {
	return slices.ContainsFunc(l.open, func(q *question) bool { return q.c == c })
}

// gathered tells whether no further question for peers is open, nor any worth asking.
func (l *Lookup) gathered() bool {
	for _, q := range l.open {
		if q.again && !q.slow {
			return false
		}
	}
	return true // next has been asked before, and had none
}
