package lookup

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// question is one query to a candidate.
type question struct {
	c      *candidate
	again  bool // it has answered already: for more peers
	scrape bool // and for the BEP 33 filters
	probe  bool // or for nodes close to target
	target wire.ID
	asked  time.Duration // when it was admitted, since the lookup started
	allow  time.Duration // how long an answer may take before the slot is free
	slow   bool          // it has taken longer; an answer still counts
}

// next returns the question to put to the governor now, if any.
func (l *Lookup) next() *question {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending != nil || l.hasFinalItem() {
		return nil
	}
	if l.pending = l.closer(); l.pending == nil {
		l.pending = l.nextBeyondHorizon()
	}
	if l.pending == nil {
		l.pending = l.nextForPeers()
	}
	return l.pending
}

// ask waits for the governor and then for the answer.
func (l *Lookup) ask(ctx context.Context, q *question, answers chan<- answer) {
	to := q.c.step.Contact
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
		reply, err = l.cfg.Querier.Ask(ctx, to, l.query(q))
	}
	select {
	case answers <- answer{q, reply, err}:
	case <-ctx.Done():
	}
}

// goes notes that q has been admitted and is on its way.
func (l *Lookup) goes(q *question) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queries++
	l.enter(q)
}

// enter opens the question that was pending.
func (l *Lookup) enter(q *question) {
	q.asked, q.allow = time.Since(l.started), l.cfg.Shared.timeout(q.c.rtt)
	l.open = append(l.open, q)
	l.pending = nil
	if !q.again {
		q.c.sent, q.c.step.Asked = true, q.asked
		l.asked = append(l.asked, q.c)
	}
}

// patience marks the questions that have become slow and returns how long until the next one does or is
// half way there, or that there is nothing left to wait for.
func (l *Lookup) patience() (wait time.Duration, settled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.started)
	median := l.cfg.Shared.medianRTT()
	wait = maxTimeout
	for _, q := range l.open {
		if q.slow {
			continue
		}
		left := q.allow - (now - q.asked)
		if left <= 0 {
			q.slow, left = true, 0 // its slot is free at once
			if !q.again {
				q.c.slow = true
				l.judgeReferrers(q.c, false)
			}
			l.countRepeat(q, 0, 1)
		}
		if half := median - (now - q.asked); half > 0 {
			left = min(left, half)
		}
		wait = min(wait, left)
	}
	return wait, l.pending == nil && l.settled()
}

// countRepeat counts what became of the first repeated query to a node. Later repeats may be too many for
// the node.
func (l *Lookup) countRepeat(q *question, replies, losses int) {
	if q.again && q.c.source.repeats <= 1 {
		f := &l.fronts[familyOf(q.c.step.Contact)]
		f.repeatReplies += replies
		f.repeatLosses += losses
	}
}

// absorb takes in the answer to one question.
func (l *Lookup) absorb(a answer) {
	l.mu.Lock()
	if l.pending == a.question {
		l.enter(a.question) // it was not admitted: nobody was asked, but nobody answered either
	}
	l.open = slices.DeleteFunc(l.open, func(q *question) bool { return q == a.question })
	switch {
	case a.err == nil && a.slow:
		l.countRepeat(a.question, 1, -1)
	case a.err == nil:
		l.countRepeat(a.question, 1, 0)
	}
	told := Answer{Again: a.again, Peers: len(a.reply.Peers)}
	switch {
	case a.probe:
		l.handleBeyondHorizon(a)
	case a.again:
		told.Fresh = l.handleMorePeers(a)
	default:
		told.Fresh = l.first(a)
	}
	told.Step = a.c.step
	l.mu.Unlock()
	if l.cfg.Observe != nil && !a.probe && !(a.again && a.err != nil) {
		l.cfg.Observe(told)
	}
}

// first takes in the answer to the first question that a candidate was asked.
func (l *Lookup) first(a answer) (fresh []netip.AddrPort) {
	c, step := a.c, &a.c.step
	step.State = l.judge(a)
	step.Late = a.slow && step.State == Replied
	if !a.slow || step.Late {
		l.judgeReferrers(c, step.State == Replied)
	}
	if step.State == Lied || step.State == TimedOut && a.slow { // not one that could not be sent
		l.cfg.Shared.Failed(step.Contact)
	}
	if step.State != Replied {
		return nil
	}
	l.cfg.Shared.Replied(step.Contact, a.reply.RTT)
	c.rtt, c.token = a.reply.RTT, a.reply.Token
	step.RTT, step.Token, step.Client = a.reply.RTT, len(a.reply.Token) > 0, wire.ClientName(a.reply.Version)
	step.Nodes, step.Peers = len(a.reply.Nodes), len(a.reply.Peers)
	c.reach.extend(l.cfg.Target, familyOf(c.step.Contact), a.reply.Nodes)
	for _, n := range a.reply.Nodes {
		l.learn(n, c)
	}
	l.keepItem(c, a.reply.Item)
	return l.addPeers(c, &a.reply)
}

// judge says what an answer is worth.
func (l *Lookup) judge(a answer) StepState {
	var refused *wire.Error
	front := &l.fronts[familyOf(a.c.step.Contact)]
	switch {
	case errors.As(a.err, &refused), errors.Is(a.err, wire.ErrInvalid):
		return Lied
	case a.err != nil:
		return TimedOut // it could not be sent, or was not answered in time
	}
	front.truth[a.c.step.Addr] = a.reply.From.ID
	if a.reply.From.ID != a.c.step.ID || front.answered[a.c.step.ID] {
		return Lied // under another ID than was expected, or one that answered from elsewhere
	}
	front.answered[a.c.step.ID] = true
	return Replied
}

// query is what q asks.
func (l *Lookup) query(q *question) wire.Query {
	if q.probe {
		return wire.Query{Method: wire.FindNode, Target: q.target, Want: l.cfg.Want}
	}
	return wire.Query{Method: l.cfg.Method, Target: l.cfg.Target, Want: l.cfg.Want, Scrape: q.scrape}
}
