package watch

import (
	"math/rand/v2"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// List is the watch list. Create it with New. It has no lock: see the package.
type List struct {
	random   *rand.Rand
	subjects map[wire.ID]*subject
	order    []*subject // as they were added
	alerts   []*Alert   // oldest first
	lastSeq  uint64
	node     nodeWatch
	budget   budget
	changed  map[uint64]bool // alerts that are not saved
	removed  []wire.ID       // entries that are not deleted from the store
}

// New returns an empty list. The seed is that of the jitter.
func New(seed uint64) *List {
	return &List{random: rand.New(rand.NewPCG(seed, seed)), subjects: map[wire.ID]*subject{}, budget: newBudget(), changed: map[uint64]bool{}}
}

// Len returns how many entries there are.
func (l *List) Len() int { return len(l.order) }

// Add puts an entry on the list, or changes that of the same target: what it does not say stays as it is. It reports
// whether the entry is new. The error is ErrFull.
func (l *List) Add(e Entry, now time.Time) (fresh bool, err error) {
	e.Label = e.Label[:min(len(e.Label), maxLabel)]
	e.Trackers = e.Trackers[:min(len(e.Trackers), maxTrackers)]
	if s := l.subjects[e.Target]; s != nil {
		e.Added = s.Added
		if s.File == "" { // what somebody added by hand stays when a file no longer lists it
			e.File = ""
		}
		if e.File == "" {
			e.Scrape = e.Scrape || s.Scrape
			if e.MinSeeds == 0 {
				e.MinSeeds = s.MinSeeds
			}
		}
		if e.Label == "" {
			e.Label = s.Label
		}
		if len(e.Trackers) == 0 {
			e.Trackers = s.Trackers
		}
		s.Entry = e
		s.touch()
		return false, nil
	}
	if len(l.order) >= MaxEntries {
		return false, ErrFull
	}
	if e.Added.IsZero() {
		e.Added = now
	}
	s := &subject{Entry: e, interval: firstInterval, dirty: true}
	s.due = l.budget.firstTurn(now)
	s.promise = s.interval
	l.enter(s)
	return true, nil
}

func (l *List) enter(s *subject) {
	l.subjects[s.Target] = s
	l.order = append(l.order, s)
	l.removed = slices.DeleteFunc(l.removed, func(id wire.ID) bool { return id == s.Target })
}

// touch marks the entry as changed.
func (s *subject) touch() { s.row, s.dirty = nil, true }

// Remove takes an entry off the list, and reports whether it was there. Alerts about it that fire clear.
func (l *List) Remove(target wire.ID, now time.Time) (cleared []Alert, ok bool) {
	s := l.subjects[target]
	if s == nil {
		return nil, false
	}
	for i := range s.judged {
		if a := s.judged[i].alert; a != nil {
			cleared = append(cleared, l.clear(a, now))
		}
	}
	delete(l.subjects, target)
	l.order = slices.DeleteFunc(l.order, func(of *subject) bool { return of == s })
	l.removed = append(l.removed, target)
	return cleared, true
}

// SetLabel names an entry, and reports whether there is one.
func (l *List) SetLabel(target wire.ID, label string) bool {
	s := l.subjects[target]
	if s != nil {
		s.Label = label[:min(len(label), maxLabel)]
		s.touch()
	}
	return s != nil
}

// Find returns an entry by its target or its other hash.
func (l *List) Find(hash wire.ID) (Entry, bool) {
	if s := l.subjects[hash]; s != nil {
		return s.Entry, true
	}
	for _, s := range l.order {
		if s.Other == hash && !hash.Zero() {
			return s.Entry, true
		}
	}
	return Entry{}, false
}

// DoubtsTrackers reports whether the next lookup of an entry is to confirm what its trackers told: they should be asked
// anew for it, or it repeats an outlier.
func (l *List) DoubtsTrackers(target wire.ID) bool {
	s := l.subjects[target]
	return s != nil && s.doubtsTrackers()
}

// Observe takes in what a lookup of an entry found, and returns the alerts that fired and those that cleared by it.
func (l *List) Observe(target wire.ID, o Observation) (alerts []Alert) {
	l.budget.spent(o.Packets)
	s := l.subjects[target]
	if s == nil {
		return nil // it was removed meanwhile
	}
	if s.isNew() { // the first lookups are beside the budget
		l.budget.tokens += float64(o.Packets)
	}
	s.asking = false
	s.touch()
	if o.Lost || l.node.muted() {
		s.lost++
		s.due = o.At.Add(retryAfter(s.lost, s.interval))
		return nil
	}
	return l.take(s, o)
}

// ObserveOther takes in what a lookup of an entry found that was not made for the list, and never puts off one of the list's
// own. It reports whether it counts, which it does not while the list has its own under way or had one just before, nor for a
// torrent of two hashes.
func (l *List) ObserveOther(target wire.ID, o Observation) (alerts []Alert, ok bool) {
	s := l.subjects[target]
	if s == nil || s.asking || !s.Other.Zero() || o.Lost || l.node.muted() || o.At.Sub(s.last.At) < confirmFirst {
		return nil, false
	}
	o.TrackerKnown, o.TrackerSeeds, o.TrackerLeechers = s.last.TrackerKnown, s.last.TrackerSeeds, s.last.TrackerLeechers
	o.other = true
	s.touch()
	due, interval, promise := s.due, s.interval, s.promise
	alerts = l.take(s, o)
	if s.due.After(due) {
		s.due, s.interval, s.promise = due, interval, promise
	}
	return alerts, true
}

// take takes in an observation that was not lost.
func (l *List) take(s *subject, o Observation) (alerts []Alert) {
	s.lost = 0
	alerts = l.judge(s, &o)
	changed := len(alerts) > 0 || s.differs(&o)
	s.memory.update(s, &o)
	s.history.add(&o)
	s.last = o
	if o.Alive() {
		s.lastAlive = o.At
	}
	l.pace(s, o.At, changed)
	return alerts
}

// judge asks the rules about an observation.
func (l *List) judge(s *subject, o *Observation) (alerts []Alert) {
	for i := range rules {
		r, j := &rules[i], &s.judged[i]
		if o.other && r.kind == Disagree {
			continue
		}
		v := r.judge(s, o)
		if j.alert != nil && r.lasts > 0 && o.At.Sub(j.alert.Fired) >= r.lasts && v != ill {
			v, j.well = well, clearing-1
		}
		if v == unknown {
			j.blind++
			continue
		}
		j.blind = 0
		switch v {
		case unsure:
			j.ill, j.well = 0, 0
		case well:
			j.ill, j.well = 0, j.well+1
		case ill:
			if j.ill == 0 {
				j.since = o.At
			}
			j.ill, j.well = j.ill+1, 0
		}
		if j.alert != nil && (j.well >= clearing || r.anew && j.ill >= r.confirm) {
			alerts = append(alerts, l.clear(j.alert, o.At))
			j.alert = nil
			if r.kind == Demand { // what there is from now on is usual
				s.memory.Leechers, s.memory.Measured = 0, 0
			}
		}
		if j.alert == nil && j.ill >= r.confirm {
			j.alert = l.fire(Alert{Kind: r.kind, Target: s.Target, Name: s.Name(), Since: j.since, Fired: o.At, Text: r.say(s, o)})
			j.ill = 0
			alerts = append(alerts, *j.alert)
		}
		if j.alert == nil {
			j.well = 0
		} else if !r.anew {
			j.ill = 0
		}
	}
	return alerts
}

// fire keeps an alert.
func (l *List) fire(a Alert) *Alert {
	l.lastSeq++
	a.Seq = l.lastSeq
	l.alerts = append(l.alerts, &a)
	l.changed[a.Seq] = true
	if over := len(l.alerts) - MaxAlerts; over > 0 {
		l.alerts = slices.DeleteFunc(l.alerts, func(a *Alert) bool {
			drop := over > 0 && !a.Firing()
			if drop {
				over--
				delete(l.changed, a.Seq)
			}
			return drop
		})
	}
	return &a
}

// clear ends an alert.
func (l *List) clear(a *Alert, now time.Time) Alert {
	a.Cleared = now
	l.changed[a.Seq] = true
	return *a
}

// Alerts returns the alerts that are kept, the newest first, at most n of them; 0 for all.
func (l *List) Alerts(n int) []Alert {
	if n <= 0 || n > len(l.alerts) {
		n = len(l.alerts)
	}
	alerts := make([]Alert, 0, n)
	for _, a := range slices.Backward(l.alerts) {
		if len(alerts) == n {
			break
		}
		alerts = append(alerts, *a)
	}
	return alerts
}

// Firing returns how many alerts of each kind fire.
func (l *List) Firing() (n [Kinds]int) {
	for _, a := range l.alerts {
		if a.Firing() {
			n[a.Kind]++
		}
	}
	return n
}
