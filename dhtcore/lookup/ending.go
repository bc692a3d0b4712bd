package lookup

import "dhtop/dhtcore/wire"

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
	for i := range l.shortlists {
		if len(l.shortlists[i].closest(l.cfg.K)) == l.cfg.K {
			return Completed
		}
	}
	return Starvation
}

func (l *Lookup) anyReplied() bool {
	return len(l.shortlists[wire.IPv4].replied)+len(l.shortlists[wire.IPv6].replied) > 0
}
