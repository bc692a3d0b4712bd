package lookup

import (
	"context"
	"errors"
	"math/bits"
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// Survey is how a node that joins gets to know nodes everywhere: it asks nodes all over the key space, each once, for
// their neighbours. What it is told goes to Shared, so that lookups start closer to their targets. A lookup is told of
// far fewer nodes for its queries, as those close to its target all name each other.
type Survey struct {
	Querier Querier
	Shared  *Shared // where it starts from, too
	Family  wire.Family
	Self    []wire.ID                                   // our own IDs, never queried
	Believe func(claimed, referrer netip.AddrPort) bool // as that of Config

	first byte // of the first target
	asked map[netip.AddrPort]bool
}

// The extent of a Survey.
const (
	surveyAlpha   = 8  // queries at a time
	surveyQueries = 96 // at most
)

// Run sends up to 96 queries, fewer in a network in which fewer replies name everybody. It returns when nobody is waited
// for any more or ctx ends.
func (s *Survey) Run(ctx context.Context) {
	s.first, s.asked = wire.RandomID()[0], make(map[netip.AddrPort]bool)
	queries := min(surveyQueries, int(s.Shared.NetworkSize(s.Family).Nodes)/fullReply)
	results := make(chan struct{})
	open := 0
	for sent := 0; sent < queries && ctx.Err() == nil; {
		if open < surveyAlpha {
			target := s.target(sent)
			if to, named, ok := s.choose(target); ok {
				go func() {
					s.query(ctx, to, named, target)
					results <- struct{}{}
				}()
				sent++
				open++
				continue
			}
		}
		if open == 0 {
			return // everybody that we know was asked
		}
		<-results
		open--
	}
	for range open {
		<-results
	}
}

// target returns the target of the i-th query: however many there are, they are spread evenly.
func (s *Survey) target(i int) wire.ID {
	target := wire.RandomID()
	target[0] = s.first + bits.Reverse8(byte(i)) // van der Corput's sequence
	return target
}

// choose returns the node closest to target that was not asked yet, and whether it is one that others have named.
func (s *Survey) choose(target wire.ID) (to wire.Contact, named, ok bool) {
	consider := func(nodes []cachedNode, areNamed bool) {
		for _, n := range nodes {
			if !s.asked[n.Addr] && !slices.Contains(s.Self, n.ID) && (!ok || wire.CompareDistance(target, n.ID, to.ID) < 0) {
				to, named, ok = n.Contact, areNamed, true
			}
		}
	}
	consider(s.Shared.closest(s.Family, target, 2*startFrom), false)
	consider(s.Shared.closestNamed(s.Family, target, 2*startFrom), true)
	if ok {
		s.asked[to.Addr] = true
	}
	return to, named, ok
}

// query asks a node for those close to target, and waits for no longer than a lookup would.
func (s *Survey) query(ctx context.Context, to wire.Contact, named bool, target wire.ID) {
	if s.Querier.Admit(ctx, to.Addr) != nil {
		return
	}
	waiting, stop := context.WithTimeout(ctx, s.Shared.timeout(0))
	defer stop()
	reply, err := s.Querier.Ask(waiting, to, wire.Query{Method: wire.FindNode, Target: target})
	if named && (err == nil || errors.Is(err, context.DeadlineExceeded)) {
		s.Shared.countReferral(err == nil)
	}
	switch {
	case err != nil:
		return
	case reply.From.ID != to.ID:
		s.Shared.Lied(to)
		return
	}
	s.Shared.Replied(to, reply.RTT)
	for _, c := range reply.Nodes {
		if familyOf(c) == s.Family && canAsk(c, s.Self) && (s.Believe == nil || s.Believe(c.Addr, to.Addr)) {
			s.Shared.Named(c)
		}
	}
}
