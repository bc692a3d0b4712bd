package dhtcore

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// How an outage is noticed, and its end.
const (
	quietAfter   = 15 * time.Second // without a reply: some nodes are pinged
	refusedAfter = 3 * time.Second  // the same while the system refuses to send
	silentRounds = 2                // rounds of pings without a reply that make an outage
	roundPings   = 8                // nodes pinged in a round, at random
	roundEvery   = 3 * time.Second
	roundTimeout = 3 * time.Second

	filterWindow = 2 * time.Minute // in which queries and their replies are counted
	passingAbove = 0.1             // of the queries have replies: a filter is gone
)

// link watches whether one identity reaches the network. Its lock guards it.
type link struct {
	mu        sync.Mutex
	outage    Outage
	connected bool      // the network has replied, ever
	lastReply time.Time // or when the watch began
	replies   uint64    // so far
	errors    uint64    // in place of a reply, so far
	refused   uint64    // packets that the system refused to send, so far
	refusedAt time.Time // the last of them, but for those of an outage that is over; zero for none
	silent    int       // rounds of pings in a row without any reply
	counts    []replyCount
	contacts  lastContacts
}

// replyCount is the queries and the replies to them up to a moment; there is one a second of the window.
type replyCount struct {
	at               time.Time
	queries, replies uint64
}

// current returns the outage, the zero value for none.
func (l *link) current() Outage {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.outage
}

// hasConnected reports whether the network has ever replied.
func (l *link) hasConnected() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.connected
}

// fail begins an outage, or says better why the present one lasts.
func (l *link) fail(o Outage, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	o.Since = now
	if l.outage.Offline() {
		o.Since = l.outage.Since
	}
	if o.NextTry.IsZero() {
		o.NextTry = l.outage.NextTry
	}
	l.outage = o
}

// count takes in the counts of a node, once a second. It returns how long nobody has replied, and whether the
// system refuses to send. A reply ends an outage.
func (l *link) count(s node.Stats, now time.Time) (quiet time.Duration, refused bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// A bootstrap host that answers everything with an error is no network.
	replied := s.RepliesIn > l.replies || s.RepliesIn > 0 && s.ErrorsIn > l.errors && l.outage.Kind != Misanswered
	l.replies, l.errors = s.RepliesIn, s.ErrorsIn
	refused, l.refused = s.SendFailed > l.refused, s.SendFailed
	if refused {
		l.refusedAt = now
	}
	if l.lastReply.IsZero() {
		l.lastReply = now
	}
	if replied {
		l.connected, l.lastReply, l.silent = true, now, 0
		if l.outage.Offline() {
			l.refusedAt = time.Time{}
			l.outage, l.counts, l.contacts = Outage{}, nil, lastContacts{} // the queries of the outage say nothing about a filter
		}
	}
	l.counts = append(l.counts, replyCount{now, s.QueriesOut, s.RepliesIn + s.ErrorsIn})
	for now.Sub(l.counts[0].at) > filterWindow {
		l.counts = l.counts[1:]
	}
	return now.Sub(l.lastReply), refused
}

// lastRefused returns when the system last refused to send, zero for never or for before the end of the last outage.
func (l *link) lastRefused() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refusedAt
}

// asked takes in what became of a query.
func (l *link) asked(addr netip.AddrPort, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.outage.Offline() {
		l.contacts.note(addr, err, time.Now())
	}
}

// filter begins or ends a Filtered outage by the share of replies in the window, and by that of the nodes that reply.
func (l *link) filter(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	first, last := l.counts[0], l.counts[len(l.counts)-1]
	queries, replies := last.queries-first.queries, last.replies-first.replies
	share := float64(replies) / float64(max(queries, 1))
	asked, replied, watched := l.contacts.count(now)
	began := l.outage.Since
	if l.outage.Kind == NoOutage {
		began = now
	}
	switch {
	case l.outage.Offline():
	case l.outage.Kind == Filtered && queries >= snapshot.FilterQueries/4 && share > passingAbove && float64(replied) >= passingAbove*float64(asked):
		l.outage = Outage{}
	case replies > 0 && last.at.Sub(first.at) >= snapshot.FilterAfter && queries >= snapshot.FilterQueries && share < snapshot.FilteredBelow:
		l.outage = snapshot.FilteredOutage(share, began)
	case replied > 0 && watched >= snapshot.FilterAfter && asked >= snapshot.FilterQueries && float64(replied) < snapshot.FilteredBelow*float64(asked):
		l.outage = filteredContacts(replied, asked, began)
	}
}

// watch notices when the identity v loses the network and when it is back, until ctx ends. It calls
// seen after every look.
func (l *link) watch(ctx context.Context, v *vantage, seen func(now time.Time)) {
	var rounds sync.WaitGroup
	defer rounds.Wait()
	running := make(chan struct{}, 1) // one round at a time
	last := time.Time{}
	for pauseFor(ctx, checkEvery) {
		now := time.Now()
		before := l.current()
		quiet, refused := l.count(v.Stats(), now)
		l.filter(now)
		outage := l.current()
		offline := outage.Offline()
		if before.Offline() && !offline {
			v.silent.Forget()
		}
		v.SetOffline(offline && l.hasConnected())
		seen(now)
		due := offline || quiet >= quietAfter || refused && quiet >= refusedAfter
		if !due || now.Sub(last) < roundEvery {
			continue
		}
		select {
		case running <- struct{}{}:
			last = now
			rounds.Go(func() {
				defer func() { <-running }()
				l.ping(ctx, v)
				seen(time.Now())
			})
		default:
		}
	}
}

// ping pings some nodes of the table, and concludes from their silence. A reply shows in the counts of the node.
func (l *link) ping(ctx context.Context, v *vantage) {
	contacts := v.someContacts(roundPings)
	if len(contacts) == 0 {
		return // joining has its own word on this
	}
	var mu sync.Mutex
	var unsent error
	asked, replied := 0, false
	var pings sync.WaitGroup
	for _, c := range contacts {
		pings.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, roundTimeout)
			defer cancel()
			if v.Node.Admit(ctx, c.Addr) != nil {
				return // the limits leave no room
			}
			_, err := v.Node.Ask(ctx, c, wire.Query{Method: wire.Ping})
			mu.Lock()
			defer mu.Unlock()
			var refused *node.SendError
			switch {
			case errors.As(err, &refused):
				unsent = refused
			case err == nil:
				replied = true
			default:
				asked++
			}
		})
	}
	pings.Wait()
	if ctx.Err() == nil && !replied {
		l.conclude(asked, unsent, v)
	}
}

// conclude takes in a round of pings without a reply: asked of them were sent, unsent is the error of one that was
// not.
func (l *link) conclude(asked int, unsent error, v *vantage) {
	switch {
	case asked == 0 && unsent != nil:
		l.fail(sendOutage(unsent, v), time.Now())
	case asked > 0 && l.isSilent(): // joining has its own word on a network that never replied
		why := silence(asked, v.family)
		if away := v.device.Check(); away != nil {
			why = deviceOutage(v.device.Name(), away)
		}
		l.fail(why, time.Now())
	}
}

// isSilent counts a round without a reply, and reports whether that makes an outage or changes the present one.
func (l *link) isSilent() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.silent++
	return l.connected && l.silent >= silentRounds && l.outage.Kind != NoDNS && l.outage.Kind != Misanswered && l.outage.Kind != Silent
}

// someContacts returns up to n nodes of the table by chance, those that replied to the last query first.
func (v *vantage) someContacts(n int) (some []wire.Contact) {
	_, nodes := v.Table(time.Now())
	rand.Shuffle(len(nodes), func(i, j int) { nodes[i], nodes[j] = nodes[j], nodes[i] })
	for _, want := range []bool{true, false} {
		for i := range nodes {
			if good := nodes[i].Fails == 0 && nodes[i].State(time.Now()) == table.Good; good == want && len(some) < n {
				some = append(some, nodes[i].Contact)
			}
		}
	}
	return some
}
