package lookup

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// candidate is a node that a lookup knows of.
type candidate struct {
	step             Step
	rtt              time.Duration // known from before, or measured; 0 while unknown
	failures         int           // in a row, in other lookups
	picked           bool          // to be asked, or asked
	sent             bool          // asked
	slow             bool          // past its expected time: its slot is free, its answer still counts
	source           source
	token            []byte
	reach            reach
	referrers        []*candidate // the nodes that named it; none for a seed
	referredReplies  int          // of the contacts it named
	referredFailures int          // of them: no reply in time, or a useless one
	network          netip.Addr   // its /24 or /64, invalid in local networks
}

// front holds the candidates of one address family, closest to the target first.
type front struct {
	sorted   []*candidate
	known    map[wire.Contact]*candidate
	truth    map[netip.AddrPort]wire.ID // under which ID the node at an address has answered
	answered map[wire.ID]bool
	asked    int
	askedIn  map[netip.Addr]int // each network
	horizon  horizon
	// Of the first repeated query to each node that had just replied: replies, and losses so far.
	repeatReplies, repeatLosses int
}

// The bounds within a front, against those who make up contacts.
const (
	perNetwork         = 3 // nodes in one /24 or /64 among the closest
	askedInOne         = 9 // nodes of one that are asked at all: each of a chain of liars tells of a closer one
	perID              = 3 // addresses that one ID is said to have
	maxReferrers       = 8
	failuresToDistrust = 4 // failed contacts of a referrer, at least and for each that replied
)

func (f *front) init() {
	f.known = make(map[wire.Contact]*candidate)
	f.truth = make(map[netip.AddrPort]wire.ID)
	f.answered = make(map[wire.ID]bool)
	f.askedIn = make(map[netip.Addr]int)
}

// judgeReferrers counts with the referrers of c whether it replied.
func (l *Lookup) judgeReferrers(c *candidate, replied bool) {
	if len(c.referrers) > 0 {
		l.cfg.Shared.countReferral(replied)
	}
	for _, r := range c.referrers {
		if replied {
			r.referredReplies++
		} else {
			r.referredFailures++
		}
	}
}

// distrusted reports whether hardly any contact of any referrer of c replies.
func (c *candidate) distrusted() bool {
	for _, r := range c.referrers {
		if r.referredFailures < failuresToDistrust || r.referredFailures <= failuresToDistrust*r.referredReplies {
			return false
		}
	}
	return len(c.referrers) > 0
}

// learn adds c, named by referrer (nil for a seed), to the front of its family. mu is held.
func (l *Lookup) learn(c wire.Contact, referrer *candidate) {
	if slices.Contains(l.cfg.Self, c.ID) || !wire.Routable(c.Addr.Addr()) || c.Addr.Port() == 0 {
		return
	}
	f := &l.fronts[familyOf(c)]
	if old := f.known[c]; old != nil {
		old.addReferrer(referrer)
		return
	}
	if referrer != nil && l.cfg.Believe != nil && !l.cfg.Believe(c.Addr, referrer.step.Addr) {
		return
	}
	if id, known := f.truth[c.Addr]; known && id != c.ID {
		return
	}
	f.insert(l.cfg.Target, l.candidate(c, referrer))
}

// candidate makes one of c.
func (l *Lookup) candidate(c wire.Contact, referrer *candidate) *candidate {
	n := &candidate{step: Step{Contact: c, Bits: wire.SharedBits(l.cfg.Target, c.ID), Round: 1}}
	n.rtt, n.failures = l.cfg.Shared.recall(c)
	if network, limited := wire.Subnet(c.Addr.Addr()); limited {
		n.network = network
	}
	if referrer != nil {
		n.step.Referrer, n.step.Round = referrer.step.ID, referrer.step.Round+1
	}
	n.addReferrer(referrer)
	return n
}

func (c *candidate) addReferrer(referrer *candidate) {
	if referrer == nil || slices.ContainsFunc(c.referrers, func(r *candidate) bool {
		return r == referrer || r.network.IsValid() && r.network == referrer.network // one operator
	}) {
		return
	}
	c.step.Referrers++
	if len(c.referrers) < maxReferrers {
		c.referrers = append(c.referrers, referrer)
	}
}

// insert enters n unless the front is full or its ID has its share.
func (f *front) insert(target wire.ID, n *candidate) {
	at, _ := slices.BinarySearchFunc(f.sorted, n.step.ID, func(a *candidate, id wire.ID) int {
		return wire.CompareDistance(target, a.step.ID, id)
	})
	if at >= maxKnown || at+perID <= len(f.sorted) && f.sorted[at+perID-1].step.ID == n.step.ID {
		return
	}
	f.sorted = slices.Insert(f.sorted, at, n)
	f.known[n.step.Contact] = n
	if last := len(f.sorted) - 1; last == maxKnown {
		delete(f.known, f.sorted[last].step.Contact)
		f.sorted = f.sorted[:last]
	}
}

// window is what a front works on: as many of its closest candidates as count, by their weights, for k;
// without those that failed, are slow or would give one network more than its share.
func (f *front) window(k int, weight func(*candidate) float64, visit func(*candidate)) {
	var room [4 * DefaultK]netip.Addr
	networks := room[:0]
	left := float64(k)
	for _, c := range f.sorted {
		if left <= 0 {
			return
		}
		if !f.worth(c) || share(networks, c.network) >= perNetwork {
			continue
		}
		left -= weight(c)
		networks = append(networks, c.network)
		visit(c)
	}
}

// whole counts every candidate for one.
func whole(*candidate) float64 { return 1 }

// share counts how many of networks are this one.
func share(networks []netip.Addr, network netip.Addr) (count int) {
	for _, n := range networks {
		if n == network && n.IsValid() {
			count++
		}
	}
	return count
}

func (f *front) worth(c *candidate) bool {
	switch {
	case c.step.State == Replied:
		return true
	case c.step.State != InFlight, c.slow:
		return false
	case c.picked:
		return true
	}
	id, known := f.truth[c.step.Addr]
	return !(known && id != c.step.ID) && !f.answered[c.step.ID] && !c.distrusted() &&
		(!c.network.IsValid() || f.askedIn[c.network] < askedInOne) &&
		(c.failures < maxFailures || len(c.referrers) == 0) // the caller's own word outweighs a failure
}

// closest returns the k closest nodes that answered, no network having more than its share.
func (f *front) closest(k int) []*candidate {
	return f.closestThat(k, func(*candidate) bool { return true })
}

// closestThat is closest among those that are as ok says.
func (f *front) closestThat(k int, ok func(*candidate) bool) (nodes []*candidate) {
	var networks []netip.Addr
	for _, c := range f.sorted {
		if len(nodes) == k {
			break
		}
		if c.step.State == Replied && ok(c) && share(networks, c.network) < perNetwork {
			nodes = append(nodes, c)
			networks = append(networks, c.network)
		}
	}
	return nodes
}

// nextCloser returns the first query to a candidate that may lead to closer nodes, or nil when enough are in
// flight. mu is held.
func (l *Lookup) nextCloser() *query {
	for i := range l.fronts {
		f := &l.fronts[i]
		if c := l.pick(f); c != nil {
			f.asked++
			f.askedIn[c.network]++
			c.picked = true
			return &query{to: c}
		}
	}
	return nil
}

// pick chooses whom to ask of the window. What counts is how many answers are to be hoped for, not how
// many questions are open: where every other node is dead, twice as many are asked, and more while an
// answer is late.
func (l *Lookup) pick(f *front) *candidate {
	var best, closest *candidate
	merit, hoped := math.Inf(-1), 0.0
	out, now := l.cfg.Shared.outlook(), time.Since(l.started)
	hope := func(c *candidate) float64 { return out.hope(c, now) }
	f.window(l.cfg.K, hope, func(c *candidate) {
		if closest == nil {
			closest = c
		}
		switch {
		case c.step.State == Replied:
		case c.picked:
			hoped += hope(c)
		default:
			if m := l.merit(c, out.medianRTT); m > merit {
				best, merit = c, m
			}
		}
	})
	if best == nil || hoped+hope(best) > l.limit(f, closest, best) || f.asked >= maxAsked {
		return nil
	}
	return best
}

// moreAtFirst is how many answers more are hoped for at the start, when any is news.
const moreAtFirst = 1

// limit is how many answers to hope for at a time: Alpha on the way, all k at the end. That has come when
// the closest that we know has answered and the rest is to make sure, or when we are so close to the
// target that best, who is to be asked next, may be one of the k.
func (l *Lookup) limit(f *front, closest, best *candidate) float64 {
	size := l.cfg.Shared.NetworkSize(f == &l.fronts[1])
	near := size.Nodes * normedDistance(l.cfg.Target, best.step.ID) // nodes that are closer than best
	switch {
	case closest.step.State == Replied, size.Lookups > 0 && near < float64(2*l.cfg.K):
		return float64(max(l.cfg.K, l.cfg.Alpha))
	case f.asked <= l.cfg.Alpha:
		return float64(l.cfg.Alpha + moreAtFirst)
	}
	return float64(l.cfg.Alpha)
}

// replyRateOfKnown is the share of nodes that replied lately and still do.
const replyRateOfKnown = 0.95

// hope is the probability that c answers, or 1 if it has: the longer it has been asked for, the less.
func (o *outlook) hope(c *candidate, now time.Duration) float64 {
	rate := o.replyRate
	switch {
	case c.failures > 0:
		rate = replyRateAfterFailure
	case len(c.referrers) == 0:
		rate = replyRateOfKnown
	}
	switch {
	case c.step.State == Replied:
		return 1
	case !c.sent:
		return rate
	}
	waits := now - c.step.Asked
	if c.rtt > 0 && waits <= c.rtt {
		return rate
	}
	late := rate * (1 - o.rtts.within(waits)) // alive, and slower than that
	return late / (late + 1 - rate)
}

// How the merits of a candidate weigh against each other, in bits of distance.
const (
	bitsPerHop      = 3.0 // that an answer brings us closer: one of eight contacts
	bitsPerReferrer = 0.5
	countReferrers  = 4
)

// merit is how promising c is: close, fast and vouched for by several. typical is an RTT that takes
// the place of one that is not known.
func (l *Lookup) merit(c *candidate, typical time.Duration) float64 {
	rtt := cmp.Or(c.rtt, typical)
	bits := -math.Log2(normedDistance(l.cfg.Target, c.step.ID) + 1e-30)
	return bits - bitsPerHop*float64(rtt)/float64(typical) + bitsPerReferrer*float64(min(c.step.Referrers, countReferrers))
}

// settled reports whether the k closest of both fronts have replied and no repeated query is in flight.
// While nobody has replied at all it waits for the slow ones: the link may be slow.
func (l *Lookup) settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending != nil {
		return false
	}
	if l.hasFinalItem() {
		return true
	}
	if len(l.open) > 0 && len(l.fronts[0].answered)+len(l.fronts[1].answered) == 0 {
		return false
	}
	for i := range l.fronts {
		f, waiting := &l.fronts[i], false
		f.window(l.cfg.K, whole, func(c *candidate) {
			if c.step.State != Replied && (c.picked || f.asked < maxAsked) {
				waiting = true
			}
		})
		if waiting {
			return false
		}
	}
	open, _ := l.openRepeats()
	return open == 0 // next had no further query
}
