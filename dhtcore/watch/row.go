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

	Day  []Point // 24 of an hour, oldest first
	Week []Point // 28 of six hours
	Year []Point // 52 of a week

	made time.Time
}

// Trend is the direction of the seeds, or of the holders of an item, over the last day: -1, 0 or 1.
func (r *Row) Trend() int {
	first, last, n := float32(0), float32(0), 0
	for i := range r.Day {
		if p := &r.Day[i]; p.N > 0 {
			last = p.Seeds.Mean
			if r.IsItem() {
				last = p.Peers.Mean
			}
			if n == 0 {
				first = last
			}
			n++
		}
	}
	if err := float32(Error(int(first))); n < 2 || last-first <= err && first-last <= err {
		return 0
	} else if last > first {
		return 1
	}
	return -1
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
		Day: s.history.Points(time.Hour, 24, now), Week: s.history.Points(6*time.Hour, 28, now), Year: s.history.Points(7*24*time.Hour, 52, now), made: now}
	for i := range s.judged {
		if a := s.judged[i].alert; a != nil {
			r.Alerts = append(r.Alerts, *a)
		}
	}
	slices.SortFunc(r.Alerts, func(a, b Alert) int { return cmp.Compare(b.Seq, a.Seq) })
	return r
}
