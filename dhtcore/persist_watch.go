package dhtcore

import (
	"context"

	"dhtop/dhtcore/store"
	"dhtop/dhtcore/watch"
)

// take returns what of the watch list is to be saved; nil for nothing. While it was not read it is not saved, so that
// nothing is lost.
func (w *watchList) take() *store.Watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.takeSome()
}

// takeSome is take. mu is held.
func (w *watchList) takeSome() *store.Watched {
	if w.guest || !w.read {
		return nil
	}
	u := w.list.TakeUnsaved()
	if u.Empty() {
		return nil
	}
	return stored(&u)
}

// takeAll is take for the end, where there is no next time.
func (w *watchList) takeAll() *store.Watched {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.takeSome()
	for all != nil {
		more := w.takeSome()
		if more == nil {
			break
		}
		all.Entries, all.Removed, all.Alerts = append(all.Entries, more.Entries...), append(all.Removed, more.Removed...), append(all.Alerts, more.Alerts...)
	}
	return all
}

// putBack takes back what could not be saved.
func (w *watchList) putBack(b *store.Watched) {
	if b == nil {
		return
	}
	var u watch.Unsaved
	for i := range b.Entries {
		u.Entries = append(u.Entries, watch.SavedEntry{Target: b.Entries[i].Target})
	}
	for _, id := range b.Removed {
		u.Removed = append(u.Removed, id)
	}
	for i := range b.Alerts {
		u.Alerts = append(u.Alerts, Alert{Seq: b.Alerts[i].Seq})
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list.PutBack(u)
}

// stored is what is to be saved, in the types of the store.
func stored(u *watch.Unsaved) *store.Watched {
	b := &store.Watched{}
	for i := range u.Entries {
		e := &u.Entries[i]
		b.Entries = append(b.Entries, store.WatchedEntry{Target: e.Target, Label: e.Label, Added: e.Added, LastAlive: e.LastAlive,
			Seeds: e.Seeds, Leechers: e.Leechers, Peers: e.Peers, Value: e.Value})
	}
	for _, id := range u.Removed {
		b.Removed = append(b.Removed, id)
	}
	for i := range u.Alerts {
		a := &u.Alerts[i]
		b.Alerts = append(b.Alerts, store.Alert{Seq: a.Seq, Rule: a.Kind.String(), Target: a.Target, Name: a.Name,
			Since: a.Since, Fired: a.Fired, Cleared: a.Cleared, Text: a.Text})
	}
	return b
}

// restore reads the watch list from the store, once.
func (w *watchList) restore(ctx context.Context, st store.Store) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.read {
		return
	}
	kept, err := st.Watched(ctx)
	if err != nil {
		w.notices.warn("the watch list cannot be read: " + err.Error())
		return
	}
	var values [][]byte
	for i := range kept.Entries {
		values = append(values, kept.Entries[i].Value)
	}
	var alerts []Alert
	for i := range kept.Alerts {
		s := &kept.Alerts[i]
		a := Alert{Seq: s.Seq, Target: s.Target, Name: s.Name, Since: s.Since, Fired: s.Fired, Cleared: s.Cleared, Text: s.Text}
		if a.Kind.UnmarshalText([]byte(s.Rule)) == nil { // else it is of a later program
			alerts = append(alerts, a)
		}
	}
	if err := w.list.Restore(values, alerts); err != nil {
		w.notices.warn(err.Error())
	}
	w.read, w.used = true, w.used || len(values)+len(alerts) > 0
	w.touch()
}
