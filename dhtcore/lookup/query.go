package lookup

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// purpose is what a query is for.
type purpose uint8

const (
	forCloser  purpose = iota // the first query to a candidate: closer nodes, and what it holds
	forPeers                  // repeated: more peers
	forFilters                // repeated: the BEP 33 filters
	forHidden                 // repeated: nodes beyond the horizon
)

// query is one query to a candidate.
type query struct {
	to      *candidate
	purpose purpose
	target  wire.ID       // of a query forHidden
	sent    time.Duration // since the lookup started
	timeout time.Duration // after which the slot is free
	overdue bool          // the timeout has passed; a reply still counts
	try     int           // of a query forCloser: how many were given up before
}

// repeated reports whether the candidate had already replied when the query was made.
func (q *query) repeated() bool { return q.purpose != forCloser }

// openQueries are the queries that were sent and have no result.
type openQueries []*query

// repeats counts the repeated queries that may be replied to in time, and the scrapes among them.
func (o openQueries) repeats() (repeats, scrapes int) {
	for _, q := range o {
		if !q.repeated() || q.overdue {
			continue
		}
		repeats++
		if q.purpose == forFilters {
			scrapes++
		}
	}
	return repeats, scrapes
}

// include reports whether a query to c is open.
func (o openQueries) include(c *candidate) bool {
	return slices.ContainsFunc(o, func(q *query) bool { return q.to == c })
}

// result is the reply to a query, or why there is none.
type result struct {
	*query
	reply wire.Reply
	err   error
}

// valid reports whether the expected node replied.
func (r *result) valid() bool { return r.err == nil && r.reply.From.ID == r.to.step.ID }

// message is q on the wire.
func (l *Lookup) message(q *query) wire.Query {
	if q.purpose == forHidden {
		return wire.Query{Method: wire.FindNode, Target: q.target, Want: l.cfg.Want}
	}
	return wire.Query{Method: l.cfg.Method, Target: l.cfg.Target, Want: l.cfg.Want, Scrape: q.purpose == forFilters}
}

// next returns the query to submit to the governor now, or nil.
func (l *Lookup) next() *query {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending != nil || l.hasFinalItem() {
		return nil
	}
	if l.pending = l.nextCloser(); l.pending == nil {
		l.pending = l.nextBeyondHorizon()
	}
	if l.pending == nil {
		l.pending = l.nextForPeers()
	}
	return l.pending
}

// perform waits for the governor, then sends q and waits for the reply.
func (l *Lookup) perform(ctx context.Context, q *query, results chan<- result) {
	to := q.to.step.Contact
	err := l.cfg.Querier.Admit(ctx, to.Addr)
	if err == nil {
		select {
		case l.admitted <- q:
		case <-ctx.Done():
			return
		}
	}
	var reply wire.Reply
	if err == nil {
		reply, err = l.cfg.Querier.Ask(ctx, to, l.message(q))
	}
	select {
	case results <- result{q, reply, err}:
	case <-ctx.Done():
	}
}

// handleAdmitted notes that the governor let q go and that it is on its way.
func (l *Lookup) handleAdmitted(q *query) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queries++
	l.sent(q)
}

// sent makes the pending query an open one.
func (l *Lookup) sent(q *query) {
	q.sent, q.timeout = time.Since(l.started), l.cfg.Shared.timeout(q.to.rtt)
	l.open = append(l.open, q)
	l.pending = nil
	if q.repeated() || q.to.status == replied { // the reply to an earlier try came meanwhile
		return
	}
	q.to.become(waiting)
	q.to.step.Asked = q.sent
	if q.try == 0 {
		q.to.asked = q.sent
		l.queried = append(l.queried, q.to)
	}
}

// expire marks the queries that have become overdue. It returns how long until the next one does, or has
// waited for the median RTT: then its chance of a reply falls.
func (l *Lookup) expire() (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.started)
	median := l.cfg.Shared.medianRTT()
	wait = maxTimeout
	for _, q := range l.open {
		if q.overdue {
			continue
		}
		waited := now - q.sent
		left := q.timeout - waited
		if left <= 0 {
			left = 0 // its slot is free at once
			l.overdue(q)
		}
		if half := median - waited; half > 0 {
			left = min(left, half)
		}
		wait = min(wait, left)
	}
	return wait
}

// overdue gives the slot of q away.
func (l *Lookup) overdue(q *query) {
	q.overdue = true
	if !q.repeated() && q.try == q.to.tries {
		l.countSteady(q, false)
	}
	if !q.repeated() && q.try == q.to.tries && q.to.status != replied && !l.retry(q.to) {
		q.to.become(overdue)
		l.judgeReferrers(q.to, false)
		q.to.judgeOthers()
	}
	l.countRepeat(q, 0, 1)
}

// countSteady notes what became of the first query to a node that had replied lately.
func (l *Lookup) countSteady(q *query, replied bool) {
	if q.to.proven && q.try == 0 {
		l.cfg.Shared.countSteady(replied)
	}
}

// countRepeat counts what became of the first repeated query to a node. Later repeats may be too many for
// the node.
func (l *Lookup) countRepeat(q *query, replies, losses int) {
	if q.repeated() && q.to.source.repeats <= 1 {
		s := l.shortlist(q.to.step.Contact)
		s.repeatReplies += replies
		s.repeatLosses += losses
	}
}

// handleResult takes in the result of one query.
func (l *Lookup) handleResult(r result) {
	l.mu.Lock()
	if l.pending == r.query {
		l.sent(r.query) // it was not admitted and not sent, but it was not replied to either
	}
	l.open = slices.DeleteFunc(l.open, func(q *query) bool { return q == r.query })
	switch {
	case r.err == nil && r.overdue:
		l.countRepeat(r.query, 1, -1)
	case r.err == nil:
		l.countRepeat(r.query, 1, 0)
	}
	if r.purpose == forCloser && r.superseded() {
		l.mu.Unlock()
		return
	}
	if r.purpose == forCloser && !r.overdue && r.err == nil {
		l.countSteady(r.query, true)
	}
	outcome := Outcome{Repeat: r.repeated(), Peers: len(r.reply.Peers)}
	switch r.purpose {
	case forHidden:
		l.handleBeyondHorizon(r)
	case forPeers, forFilters:
		outcome.Fresh = l.handleMorePeers(r)
	default:
		outcome.Fresh = l.handleFirst(r)
	}
	outcome.Step = r.to.step
	l.mu.Unlock()
	if l.cfg.Observe != nil && r.purpose != forHidden && !(r.repeated() && r.err != nil) {
		l.cfg.Observe(outcome)
	}
}

// handleFirst takes in the result of the first query to a candidate and returns the peers that are new.
func (l *Lookup) handleFirst(r result) (fresh []netip.AddrPort) {
	if r.err == nil {
		r.to = l.resolve(r.to, r.reply.From.ID)
	}
	c, step := r.to, &r.to.step
	c.become(l.judge(r))
	step.Late = r.overdue && c.status == replied
	if !r.overdue || step.Late {
		l.judgeReferrers(c, c.status == replied)
	}
	if !r.overdue {
		c.judgeOthers()
	}
	switch {
	case c.status == lied:
		l.cfg.Shared.Lied(step.Contact)
	case c.status == unreachable && r.overdue: // not one that could not be sent
		l.cfg.Shared.Failed(step.Contact)
	}
	if c.status != replied {
		return nil
	}
	l.cfg.Shared.Replied(step.Contact, r.reply.RTT)
	c.rtt, c.token = r.reply.RTT, r.reply.Token
	step.RTT, step.Token, step.Client = r.reply.RTT, len(r.reply.Token) > 0, wire.ClientName(r.reply.Version)
	step.Nodes, step.Peers = len(r.reply.Nodes), len(r.reply.Peers)
	c.reach.extend(l.cfg.Target, familyOf(step.Contact), r.reply.Nodes)
	for _, n := range r.reply.Nodes {
		l.learn(n, c)
	}
	l.keepItem(c, r.reply.Item)
	return l.addPeers(c, &r.reply)
}

// judge returns what the result of a first query makes of its candidate.
func (l *Lookup) judge(r result) status {
	var refused *wire.Error
	s := l.shortlist(r.to.step.Contact)
	switch {
	case errors.As(r.err, &refused), errors.Is(r.err, wire.ErrInvalid):
		return lied
	case r.err != nil:
		return unreachable // it could not be sent, or was not replied to in time
	}
	if !r.valid() || s.replied[r.to.step.ID] {
		return lied // under another ID than expected, or one that replied from another address
	}
	s.replied[r.to.step.ID] = true
	return replied
}
