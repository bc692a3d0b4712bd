package lookup

import (
	"cmp"
	"math"
	"time"

	"dhtop/dhtcore/wire"
)

// nextCloser returns the first query to a candidate that may lead to closer nodes, or nil when enough are
// in flight. mu is held.
func (l *Lookup) nextCloser() *query {
	for i := range l.shortlists {
		s := &l.shortlists[i]
		if c := l.choose(s); c != nil {
			s.queried++
			s.queriedIn[c.network]++
			c.at.asked++
			c.become(chosen)
			return &query{to: c, try: c.tries}
		}
	}
	return nil
}

// choose returns the best candidate of the window to query, or nil when enough replies are expected.
// Expected replies count, not queries in flight: where every other node is dead, twice as many are in
// flight, and more while a reply is late.
func (l *Lookup) choose(s *shortlist) *candidate {
	var best, closest *candidate
	bestMerit, expected := math.Inf(-1), 0.0
	out, now := l.cfg.Shared.outlook(), time.Since(l.started)
	chance := func(c *candidate) float64 { return out.replyChance(c, now) }
	s.window(l.cfg.K, chance, func(c *candidate) {
		if closest == nil {
			closest = c
		}
		switch c.status {
		case replied:
		case heard:
			if m := c.merit(l.cfg.Target, out.medianRTT); m > bestMerit {
				best, bestMerit = c, m
			}
		default:
			expected += chance(c)
		}
	})
	if best == nil || expected+chance(best) > l.maxExpected(s, closest, best) || s.queried >= maxQueried {
		return nil
	}
	return best
}

// moreAtFirst is how many more replies are expected at the start, when every reply is news.
const moreAtFirst = 1

// maxExpected is how many replies to expect at a time: Alpha on the way, all K at the end. The end has come
// when the closest candidate has replied, so that the others only confirm it, or when so few nodes are
// closer than best, the next one to query, that it may be among the K.
func (l *Lookup) maxExpected(s *shortlist, closest, best *candidate) float64 {
	size := l.cfg.Shared.NetworkSize(s.family)
	closer := size.Nodes * normedDistance(l.cfg.Target, best.step.ID) // than best
	switch {
	case closest.status == replied, size.Lookups > 0 && closer < float64(2*l.cfg.K):
		return float64(max(l.cfg.K, l.cfg.Alpha))
	case s.queried <= l.cfg.Alpha:
		return float64(l.cfg.Alpha + moreAtFirst)
	}
	return float64(l.cfg.Alpha)
}

// replyRateOfSeeds is the share of nodes that replied lately and still do.
const replyRateOfSeeds = 0.95

// replyChance is the probability that c replies, 1 if it has. The longer its query has been in flight, the
// lower it is.
func (o *outlook) replyChance(c *candidate, now time.Duration) float64 {
	rate := o.replyRate
	switch {
	case c.failures > 0:
		rate = replyRateAfterFailure
	case c.isSeed() && !c.unproven:
		rate = replyRateOfSeeds
	}
	switch {
	case c.status == replied:
		return 1
	case !c.inFlight():
		return rate
	}
	waited := now - c.step.Asked
	if c.rtt > 0 && waited <= c.rtt {
		return rate
	}
	late := rate * (1 - o.rtts.within(waited)) // alive, and slower than that
	return late / (late + 1 - rate)
}

// What the merit of a candidate weighs, in bits of distance.
const (
	bitsPerMedianRTT = 3.0 // a reply brings us so much closer: the best of eight contacts
	bitsPerReferrer  = 0.5
	countedReferrers = 4
)

// merit is how promising c is: close, fast and named by several. median takes the place of an unknown RTT.
func (c *candidate) merit(target wire.ID, median time.Duration) float64 {
	rtt := cmp.Or(c.rtt, median)
	bits := -math.Log2(normedDistance(target, c.step.ID) + 1e-30)
	return bits - bitsPerMedianRTT*float64(rtt)/float64(median) +
		bitsPerReferrer*float64(min(c.step.Referrers, countedReferrers))
}
