package watch

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// Unsaved is what has changed since it was saved last.
type Unsaved struct {
	Entries []SavedEntry
	Removed []wire.ID
	Alerts  []Alert
}

// Empty reports whether there is nothing to save.
func (u *Unsaved) Empty() bool { return len(u.Entries)+len(u.Removed)+len(u.Alerts) == 0 }

// SavedEntry is an entry with all that is known of it. Value is what Restore reads; the other fields are there for people.
type SavedEntry struct {
	Target          wire.ID
	Label           string
	Added           time.Time
	LastAlive       time.Time // zero for never
	Seeds, Leechers int       // by the last observation
	Peers           int
	Value           []byte
}

// saveAtOnce is how many entries TakeUnsaved returns: each is up to 40 KB.
const saveAtOnce = 100

// saved is the Value of a SavedEntry.
type saved struct {
	Entry     Entry
	Memory    memory
	Last      Observation
	LastAlive time.Time
	Interval  time.Duration
	Due       time.Time
	History   [len(tiers)][]Point
}

// TakeUnsaved returns what is to be saved, a part of it where there is much. If that fails, PutBack takes it back.
func (l *List) TakeUnsaved() (u Unsaved) {
	for _, s := range l.order {
		if !s.dirty || len(u.Entries) == saveAtOnce {
			continue
		}
		s.dirty = false
		value, err := json.Marshal(&saved{s.Entry, s.memory, s.last, s.lastAlive, s.interval, s.due, s.history.points})
		if err != nil {
			continue // it holds nothing that JSON does not take
		}
		u.Entries = append(u.Entries, SavedEntry{Target: s.Target, Label: s.Label, Added: s.Added, LastAlive: s.lastAlive,
			Seeds: s.last.Seeds, Leechers: s.last.Leechers, Peers: s.last.Peers, Value: value})
	}
	u.Removed, l.removed = l.removed, nil
	for _, a := range l.alerts {
		if l.changed[a.Seq] {
			u.Alerts = append(u.Alerts, *a)
		}
	}
	clear(l.changed)
	return u
}

// PutBack has saved again what could not be.
func (l *List) PutBack(u Unsaved) {
	for i := range u.Entries {
		if s := l.subjects[u.Entries[i].Target]; s != nil {
			s.dirty = true
		}
	}
	l.removed = append(l.removed, slices.DeleteFunc(u.Removed, func(id wire.ID) bool { return l.subjects[id] != nil })...)
	for i := range u.Alerts {
		l.changed[u.Alerts[i].Seq] = true
	}
}

// Restore takes in what was saved: the values of the entries, and the alerts, the oldest first. An entry that is on the
// list already gets its past. Values that cannot be read are left out, and the error tells of the last one.
func (l *List) Restore(values [][]byte, alerts []Alert) (err error) {
	for _, value := range values {
		if bad := l.restore(value); bad != nil {
			err = fmt.Errorf("an entry of the watch list cannot be read: %w", bad)
		}
	}
	l.restoreAlerts(alerts)
	return err
}

func (l *List) restore(value []byte) error {
	var v saved
	if err := json.Unmarshal(value, &v); err != nil {
		return err
	}
	if v.Entry.Target.Zero() || v.Entry.IsItem() && v.Entry.Item.Target() != v.Entry.Target {
		return errors.New("it names no target")
	}
	s := l.subjects[v.Entry.Target]
	switch {
	case s == nil && len(l.order) >= MaxEntries:
		return ErrFull
	case s == nil:
		s = &subject{Entry: v.Entry}
		l.enter(s)
	case !s.isNew():
		return nil // it was looked up in this run
	default:
		s.Added = v.Entry.Added
	}
	s.memory, s.last, s.lastAlive = v.Memory, v.Last, v.LastAlive
	s.interval = min(max(v.Interval, MinInterval), MaxInterval)
	s.promise, s.due, s.row = s.interval, v.Due, nil
	for i, t := range tiers {
		s.history.points[i] = v.History[i][max(0, len(v.History[i])-t.keep):]
	}
	return nil
}

// restoreAlerts puts alerts before those of this run, which get later numbers.
func (l *List) restoreAlerts(alerts []Alert) {
	if len(alerts) == 0 {
		return
	}
	var earlier []*Alert
	var ended []uint64
	last := uint64(0)
	alerts = slices.Clone(alerts[max(0, len(alerts)-MaxAlerts):])
	for i := range alerts {
		a := &alerts[i]
		if a.Kind >= Kinds {
			continue // of a later program
		}
		last = max(last, a.Seq)
		earlier = append(earlier, a)
		if a.Firing() && !l.resumeAlert(a) {
			a.Cleared = a.Fired
			ended = append(ended, a.Seq)
		}
	}
	for _, a := range slices.Backward(l.alerts) { // the latest first, so that no two ever have one number
		if l.changed[a.Seq] {
			delete(l.changed, a.Seq)
			l.changed[a.Seq+last] = true
		}
		a.Seq += last
	}
	for _, seq := range ended {
		l.changed[seq] = true
	}
	l.lastSeq += last
	l.alerts = append(earlier, l.alerts...)
}

// resumeAlert lets an alert go on that fired when the program ended, and reports whether there is something that it is about.
func (l *List) resumeAlert(a *Alert) bool {
	var at **Alert
	switch {
	case a.Kind == NetworkGone:
		at = &l.node.gone
	case a.Kind == NodeUnreachable:
		at = &l.node.closed
	case l.subjects[a.Target] != nil:
		at = &l.subjects[a.Target].judged[a.Kind].alert
	default:
		return false
	}
	if *at != nil {
		return false
	}
	*at = a
	return true
}
