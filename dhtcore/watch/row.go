package watch

import (
	"cmp"
	"slices"
	"time"
)

// State is how an entry is.
type State uint8

// The states.
const (
	Waiting  State = iota // not looked up yet
	Alive                 // a torrent with seeds; an item with holders
	Seedless              // a torrent with peers, and no seed
	Silent                // nobody
	Fading                // an item that most of its holders have lost
)

var states = [...]string{"waiting", "alive", "no seeds", "silent", "fading"}

// String returns the word for screens and JSON.
func (s State) String() string { return states[int(s)%len(states)] }

// MarshalText implements encoding.TextMarshaler.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Row is an entry as it stands. It is immutable.
type Row struct {
	Entry
	State     State
	Last      Observation // the last that was not lost; its At is zero before the first
	SeedsErr  int         // how far the estimates of Last may be off: see Error
	PeersErr  int         // of seeds and leechers together
	LastAlive time.Time   // when somebody was found last; zero for never
	Lost      int         // lookups since Last that said nothing

	Due      time.Time     // of the next lookup
	Asking   bool          // it runs
	Interval time.Duration // a change is told within it, while the network is there

	Explained string  // why the DHT and the trackers differ; "" where they do not, or one is not known
	Alerts    []Alert // that are firing, newest first

	Day  Trend // 24 hours
	Week Trend // 28 times six hours
	Year Trend // 52 weeks

	made time.Time
}

// Direction is where the seeds, or the holders of an item, went over the last day: -1 down, 0 nowhere, 1 up.
func (r *Row) Direction() int {
	of := r.Day.Seeds
	if r.IsItem() {
		of = r.Day.Peers
	}
	first, last, n := float32(0), float32(0), 0
	for i := range min(len(of), len(r.Day.N)) {
		if r.Day.N[i] == 0 {
			continue
		}
		if last = of[i]; n == 0 {
			first = last
		}
		n++
	}
	switch err := max(1, float32(Error(int(first)))); {
	case n < 2:
		return 0
	case last-first >= err:
		return 1
	case first-last >= err:
		return -1
	}
	return 0
}

// Rows returns the entries as they stand, in the order in which they were added. A Row that has not changed is the one of
// the last call.
func (l *List) Rows(now time.Time) []*Row {
	rows := make([]*Row, len(l.order))
	for i, s := range l.order {
		if s.row == nil || !s.row.made.Truncate(time.Hour).Equal(now.Truncate(time.Hour)) {
			s.row = s.makeRow(now)
		}
		rows[i] = s.row
	}
	return rows
}

func (s *subject) makeRow(now time.Time) *Row {
	r := &Row{Entry: s.Entry, State: s.state(), Last: s.last, LastAlive: s.lastAlive, Lost: s.lost,
		SeedsErr: Error(s.last.Seeds), PeersErr: Error(s.last.Swarm()),
		Due: s.due, Asking: s.asking, Interval: s.promise, Explained: explain(s),
		Day: s.history.trend(time.Hour, 24, now), Week: s.history.trend(6*time.Hour, 28, now), Year: s.history.trend(7*24*time.Hour, 52, now), made: now}
	for i := range s.judged {
		if a := s.judged[i].alert; a != nil {
			r.Alerts = append(r.Alerts, *a)
		}
	}
	slices.SortFunc(r.Alerts, func(a, b Alert) int { return cmp.Compare(b.Seq, a.Seq) })
	return r
}
