package journal

import "time"

// How packets are sampled.
const (
	windows      = 4 // in which the last second is counted
	windowLength = time.Second / windows
	windowQuota  = MaxPacketRate / windows // packets kept in a window
)

// sampler chooses which packets to keep: all up to MaxPacketRate, above it an even sample of about that many.
// A query and its reply are kept together or not at all.
type sampler struct {
	number int64 // of the current window
	counts [windows + 1]windowCount
	credit float64 // in packets; at 1 the next one is kept

	all, passed uint64
}

type windowCount struct{ passed, kept int }

// take reports whether to keep a packet that passed the filter. A reply that follows a seen query is kept if
// the query was, up to twice the quota.
func (s *sampler) take(now time.Time, follows, queryKept bool) bool {
	s.advance(now)
	s.passed++
	c := s.window(0)
	c.passed++
	switch {
	case follows && !queryKept, c.kept >= 2*windowQuota:
		return false
	case !follows && !s.even():
		return false
	}
	c.kept++
	return true
}

// even reports, for an even share of the packets, that there is room for one more.
func (s *sampler) even() bool {
	if s.window(0).kept >= windowQuota {
		return false
	}
	s.credit += min(1, windowQuota/float64(max(s.window(1).passed, 1)))
	if s.credit < 1 {
		return false
	}
	s.credit--
	return true
}

// window returns the counts of the current window, or of one so many windows before it.
func (s *sampler) window(before int64) *windowCount {
	return &s.counts[(s.number-before+windows+1)%(windows+1)]
}

// advance starts the window of now.
func (s *sampler) advance(now time.Time) {
	number := now.UnixNano() / int64(windowLength)
	for i := min(number-s.number, windows+1); i > 0; i-- {
		s.counts[(number-i+1)%(windows+1)] = windowCount{}
	}
	s.number = max(s.number, number)
}

// rates returns the packets/s of the last second: those that passed the filter, and those kept.
func (s *sampler) rates(now time.Time) (passed, kept float64) {
	s.advance(now)
	for i := int64(1); i <= windows; i++ {
		c := s.window(i)
		passed, kept = passed+float64(c.passed), kept+float64(c.kept)
	}
	return passed, kept
}
