package journal

import "time"

// How packets are sampled.
const (
	windows      = 4 // that the last second is counted in
	windowLength = time.Second / windows
	windowQuota  = MaxPacketRate / windows // packets kept a window
)

// sampler keeps all packets up to MaxPacketRate, and above it an even sample of about that many, in
// which a question and its answer are both, or neither.
type sampler struct {
	number int64 // of the current window
	counts [windows + 1]windowCount
	credit float64 // of a packet; at 1 the next is kept

	all, passed uint64
}

type windowCount struct{ passed, kept int }

// take tells whether to keep a packet that passed the filter. An answer that follows a question is kept
// if that was, within twice the quota.
func (s *sampler) take(now time.Time, follows, asked bool) bool {
	s.turn(now)
	s.passed++
	c := s.window(0)
	c.passed++
	switch {
	case follows && !asked, c.kept >= 2*windowQuota:
		return false
	case !follows && !s.even():
		return false
	}
	c.kept++
	return true
}

// even tells of a share of the packets that there is room for them.
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

// window is the count of the window that was before as many others.
func (s *sampler) window(before int64) *windowCount {
	return &s.counts[(s.number-before+windows+1)%(windows+1)]
}

// turn begins the window that now is in.
func (s *sampler) turn(now time.Time) {
	number := now.UnixNano() / int64(windowLength)
	for i := min(number-s.number, windows+1); i > 0; i-- {
		s.counts[(number-i+1)%(windows+1)] = windowCount{}
	}
	s.number = max(s.number, number)
}

// rates are the packets/s of the last second: those that passed the filter, and those kept.
func (s *sampler) rates(now time.Time) (passed, kept float64) {
	s.turn(now)
	for i := int64(1); i <= windows; i++ {
		c := s.window(i)
		passed, kept = passed+float64(c.passed), kept+float64(c.kept)
	}
	return passed, kept
}
