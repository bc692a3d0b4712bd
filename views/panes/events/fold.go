package events

import "dhtop/dhtcore"

// A lookup is one line of the log: what it found stands beside its end, or beside its start while it runs. folds
// are the lookups that have their line already; one further back than there is room for has several.
type folds struct {
	hashes [32]dhtcore.ID
	n      int
}

// finding is what a lookup found: peers that were new, and nodes that told of some.
type finding struct{ peers, nodes int }

func (f *folds) has(hash dhtcore.ID) bool {
	for i := range f.n {
		if f.hashes[i] == hash {
			return true
		}
	}
	return false
}

// fold decides on the event at i, where those after it have their lines: whether it is left out, and what to say of
// the lookup if it is one. events are the oldest first.
func (f *folds) fold(events []dhtcore.Event, i int) (found finding, out bool) {
	e := &events[i]
	switch e.Kind {
	case dhtcore.LookupStarted:
		if f.has(e.Hash) { // it is over for this lookup, and an older one has a line of its own
			f.drop(e.Hash)
			return finding{}, true
		}
		return finding{}, false
	case dhtcore.Found, dhtcore.LookupDone:
		if e.Kind == dhtcore.Found && f.has(e.Hash) {
			return finding{}, true
		}
	default:
		return finding{}, false
	}
	if f.n < len(f.hashes) && !f.has(e.Hash) {
		f.hashes[f.n] = e.Hash
		f.n++
	}
	return findingsBefore(events[:i+1], e.Hash), false
}

func (f *folds) drop(hash dhtcore.ID) {
	for i := range f.n {
		if f.hashes[i] == hash {
			f.n--
			f.hashes[i] = f.hashes[f.n]
			return
		}
	}
}

// findingsBefore sums what the lookup of hash found, back to its start.
func findingsBefore(events []dhtcore.Event, hash dhtcore.ID) (f finding) {
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if e.Hash != hash {
			continue
		}
		switch e.Kind {
		case dhtcore.LookupStarted:
			return f
		case dhtcore.Found:
			f.nodes++
			f.peers += e.New
		}
	}
	return f
}
