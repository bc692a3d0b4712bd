package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dhtop/dhtcore/wire"
)

// The errors of a lookup that could not find anything, besides the error of its context.
var (
	ErrNobody = errors.New("nobody to ask")
	ErrSilent = errors.New("nobody replied")
)

// Ending is why a lookup ended (the reasons of kad-dht).
type Ending uint8

// The endings.
const (
	Running    Ending = iota // it has not ended
	Completed                // in one address family at least, the k closest nodes have replied
	Starvation               // there are no more candidates, and fewer than k nodes replied
	Stopped                  // an immutable item was found: there is nothing more to look for
	Cancelled                // the context ended
)

var endings = [...]string{"running", "completed", "starvation", "stopped", "cancelled"}

// String returns the word for the ending.
func (e Ending) String() string { return endings[e] }

// ending returns why there is nothing more to wait for, Running while there is.
func (l *Lookup) ending() Ending {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.pending != nil:
		return Running
	case l.hasFinalItem():
		return Stopped
	case len(l.open) > 0 && !l.anyReplied():
		return Running // while nobody has replied it waits for overdue replies too: the link may be slow
	}
	for i := range l.shortlists {
		if !l.shortlists[i].isDone(l.cfg.K) {
			return Running
		}
	}
	if repeats, _ := l.open.repeats(); repeats > 0 {
		return Running
	}
	for _, s := range l.shortlists.all() {
		if len(s.closest(l.cfg.K)) == l.cfg.K {
			return Completed
		}
	}
	if l.awaitsMore {
		return Running
	}
	return Starvation
}

func (l *Lookup) anyReplied() bool {
	return len(l.shortlists[wire.IPv4].replied)+len(l.shortlists[wire.IPv6].replied) > 0
}

// failure returns why the lookup could not find anything, nil if it could. canceled is the error of its context.
func (l *Lookup) failure(canceled error) error {
	l.mu.Lock()
	known := len(l.shortlists[wire.IPv4].sorted)+len(l.shortlists[wire.IPv6].sorted) > 0
	heard, unjoined := l.anyReplied() || l.anyLied(), l.awaitsMore
	l.mu.Unlock()
	failed := ErrSilent
	switch {
	case errors.Is(canceled, context.Canceled), heard:
		return canceled
	case !known:
		failed = ErrNobody
	case canceled != nil && !unjoined:
		return canceled
	}
	if l.cfg.Why == nil {
		return failed
	}
	return fmt.Errorf("%w: %s", failed, l.cfg.Why())
}

// anyLied reports whether a node replied with something of no use.
func (l *Lookup) anyLied() bool {
	return slices.ContainsFunc(l.queried, func(c *candidate) bool { return c.status == lied })
}
