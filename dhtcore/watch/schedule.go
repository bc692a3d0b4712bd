package watch

import (
	"math"
	"time"
)

// The intervals of entries: see the package.
const (
	MinInterval = time.Hour
	MaxInterval = 6 * time.Hour

	firstInterval = 3 * time.Hour
	perInterval   = 3   // lookups: one may miss what is new
	growth        = 1.2 // of the interval, by an observation that brings nothing new

	// sureWithin is the part of an interval in which a change is confirmed after it was noticed: four further lookups, and
	// as long again for those that are lost.
	sureWithin = 30 * time.Minute
	jitter     = 0.1 // of the pause, more or less

	confirmFirst = time.Minute // until the next lookup after the first that shows a change; twice as long each time
	confirmMost  = 8 * time.Minute
	retryFirst   = 2 * time.Minute // until the next after one that was lost
)

// pause is the time between two lookups, on average, that keeps an interval.
func pause(interval time.Duration) time.Duration {
	return time.Duration(float64(interval-sureWithin) / perInterval / (1 + jitter))
}

// pace chooses when an entry is next looked up, after an observation.
func (l *List) pace(s *subject, now time.Time, changed bool) {
	if changed {
		s.interval = max(MinInterval, s.interval/2)
	} else {
		s.interval = min(MaxInterval, time.Duration(growth*float64(s.interval)))
	}
	n := s.doubts()
	if n == 0 && s.blind() {
		n = 1
	}
	if n > 0 {
		s.due = now.Add(min(confirmFirst<<min(n-1, 8), confirmMost))
		return
	}
	wait := time.Duration(l.stretch() * float64(pause(s.interval)))
	s.promise = time.Duration(float64(wait)*perInterval*(1+jitter)) + sureWithin
	s.due = now.Add(time.Duration(float64(wait) * (1 + jitter*(2*l.random.Float64()-1))))
}

// resume spreads the lookups that were lost while the network was away.
func (l *List) resume(now time.Time) {
	turn := now.Add(backFor)
	for _, s := range l.order {
		if s.lost > 0 && !s.isNew() && s.due.After(turn) {
			s.due, turn = turn, turn.Add(newEvery)
		}
	}
}

// retryAfter is the pause after so many lookups in a row that said nothing.
func retryAfter(lost int, interval time.Duration) time.Duration {
	return min(retryFirst<<min(lost-1, 10), pause(interval))
}

// stretch is by how much the pauses are longer than wanted, so that the lookups keep to the budget.
func (l *List) stretch() float64 {
	load := 0.0
	for _, s := range l.order {
		load += l.budget.cost / pause(s.interval).Seconds()
	}
	return max(1, load/(planned*packetRate(len(l.order))))
}

// Next returns the entry to look up now, the one that is due longest, and marks it as being asked: Observe must follow.
// Where there is none, wait is how long until there may be one; for ever while all are being asked, or there are none.
func (l *List) Next(now time.Time) (e Entry, ok bool, wait time.Duration) {
	l.budget.fill(now, packetRate(len(l.order)))
	broke := l.budget.tokens <= 0
	wait = time.Duration(math.MaxInt64)
	var next *subject
	for _, s := range l.order {
		switch {
		case s.asking, broke && !s.isNew():
			continue
		case s.due.After(now):
			wait = min(wait, s.due.Sub(now))
		case next == nil || s.due.Before(next.due):
			next = s
		}
	}
	if next == nil {
		if broke {
			wait = min(wait, l.budget.solvent(packetRate(len(l.order))))
		}
		return e, false, wait
	}
	next.asking, next.row = true, nil
	return next.Entry, true, 0
}

// Rate is the budget of the lookups in packets/s.
func (l *List) Rate() float64 {
	if len(l.order) == 0 {
		return 0
	}
	return packetRate(len(l.order))
}
