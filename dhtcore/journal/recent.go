package journal

import "slices"

// MaxRecent bounds both logs of Recent.
const MaxRecent = 1000

// Recent are the last events, for the log on the screen. They take over from the journal what is new, so that a
// Snapshot costs as little as there is news. The zero value has none; it is for one
// goroutine.
type Recent struct {
	seq        uint64 // of the newest that was taken over
	all, quiet []Event
	fresh      []Event // kept between calls only for its memory
}

// takeover is how many events are taken over at most: those before are beyond what a Snapshot shows, save in a flood of
// what the log leaves out.
const takeover = 4 * MaxRecent

// Take returns the last events, and the last of those that are neither requests nor announces to our tracker. Nobody may change them.
func (r *Recent) Take(j *Journal) (all, quiet []Event) {
	from := max(r.seq, j.Seq()-min(j.Seq(), takeover))
	r.fresh, _ = j.After(r.fresh[:0], from, takeover)
	for i := range r.fresh {
		e := &r.fresh[i]
		r.seq = e.Seq
		switch e.Kind {
		case Discovered, LookupStep: // another event of the same packet, or the lookup, says it better
			continue
		case Requested, Tracked: // there may be hundreds a second
		default:
			r.quiet = appendRecent(r.quiet, e)
		}
		r.all = appendRecent(r.all, e)
	}
	return last(r.all), last(r.quiet)
}

// appendRecent appends an event. What was handed out shares the memory and stays as it was: it ends before.
func appendRecent(events []Event, e *Event) []Event {
	if len(events) == cap(events) {
		events = slices.Grow(slices.Clone(last(events)), MaxRecent)
	}
	return append(events, *e)
}

func last(events []Event) []Event {
	return events[max(len(events)-MaxRecent, 0):len(events):len(events)]
}
