package crawl

import "time"

// When the next sweep begins.
const (
	restMin      = 10 * time.Second // after the end of a sweep
	restUnheard  = time.Minute      // after the end of a sweep without a node that speaks BEP 51
	restShare    = 16               // one in so many parts of a sweep's own time is added to the interval, for slow replies
	intervalStep = 10 * time.Second
	minInterval  = 10 * time.Second // waited, whatever a node says
	maxInterval  = 6 * time.Hour    // the longest that BEP 51 lets a node ask for
)

// schedule says which sweep is running, and when the next one begins: once most nodes may be asked again. The zero
// value is before the first.
type schedule struct {
	number    int // from 1
	started   time.Time
	active    time.Duration // run, without the pauses
	resting   bool          // the sweep is done
	next      time.Time     // while resting, the start of the next sweep
	intervals [maxInterval/intervalStep + 1]uint32
}

// stamp is the number of the sweep as records have it. It is never 0.
func (s *schedule) stamp() uint8 { return uint8((s.number-1)%255) + 1 }

// due reports whether it is time to begin a sweep.
func (s *schedule) due(now time.Time) bool {
	return s.number == 0 || s.resting && !now.Before(s.next)
}

// begin starts the next sweep.
func (s *schedule) begin(now time.Time) { *s = schedule{number: s.number + 1, started: now} }

// end sets the start of the next sweep, as this one is done.
func (s *schedule) end(now time.Time) {
	s.resting = true
	typical := s.typical()
	if typical == 0 {
		s.next = now.Add(restUnheard)
		return
	}
	s.next = s.started.Add(typical + s.active/restShare)
	if earliest := now.Add(restMin); s.next.Before(earliest) {
		s.next = earliest
	}
}

// wait returns how long to wait for a node that stated an interval, and counts it.
func (s *schedule) wait(interval time.Duration) time.Duration {
	interval = min(max(interval, minInterval), maxInterval)
	s.intervals[interval/intervalStep]++
	return interval
}

// typical returns the median of the intervals of this sweep, rounded up; 0 for none.
func (s *schedule) typical() time.Duration {
	total := uint32(0)
	for _, n := range s.intervals {
		total += n
	}
	sum := uint32(0)
	for i, n := range s.intervals {
		if sum += n; total > 0 && 2*sum >= total {
			return time.Duration(i+1) * intervalStep
		}
	}
	return 0
}
