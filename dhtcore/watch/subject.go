package watch

import (
	"slices"
	"time"
)

// subject is an entry of the list and what is known of it.
type subject struct {
	Entry
	memory  memory
	judged  [NodeUnreachable]judgement
	history History

	last      Observation // that was not lost
	lastAlive time.Time
	lost      int // observations in a row that were

	interval time.Duration // wanted: see pace
	promise  time.Duration // that results from it and the load: see Row.Interval
	due      time.Time
	asking   bool

	row   *Row // nil when it must be made anew
	dirty bool // what is saved is older
}

// judgement is how a rule stands about an entry.
type judgement struct {
	ill, well int       // observations in a row
	blind     int       // in a row that did not tell; from blindFor on, that is how it is
	since     time.Time // of the first of the ill ones
	alert     *Alert    // that fires; nil for none
}

// alert returns the alert of a kind that fires, nil for none.
func (s *subject) alert(k Kind) *Alert { return s.judged[k].alert }

// isNew reports whether the entry was never looked up.
func (s *subject) isNew() bool { return s.last.At.IsZero() && s.lost == 0 }

// doubts returns how many observations in a row say that something is not as it was told, at most; 0 while all is told.
func (s *subject) doubts() (n int) {
	for i := range s.judged {
		if j := &s.judged[i]; j.alert == nil || rules[i].anew {
			n = max(n, j.ill)
		} else {
			n = max(n, j.well)
		}
	}
	if !s.memory.Silent && !s.IsItem() {
		n = max(n, s.memory.SilentRun)
	} else {
		n = max(n, s.memory.AliveRun)
	}
	return n
}

// doubtsTrackers reports whether the last observation said that the trackers disagree with the DHT, or agree again, and the
// next ones are to confirm it.
func (s *subject) doubtsTrackers() bool {
	j := &s.judged[Disagree]
	if j.alert == nil {
		return j.ill > 0
	}
	return j.well > 0
}

// blindFor is how many observations in a row that do not tell what they told before are looked up again soon.
const blindFor = 3

// blind reports whether the last observation does not tell what others did just before.
func (s *subject) blind() bool {
	return slices.ContainsFunc(s.judged[:], func(j judgement) bool { return 0 < j.blind && j.blind < blindFor })
}

// forget drops what observations began to show: they may have been wrong.
func (s *subject) forget() {
	for i := range s.judged {
		s.judged[i].ill, s.judged[i].well = 0, 0
	}
	if !s.memory.Silent {
		s.memory.SilentRun = 0
	}
}

// state is how the entry stands.
func (s *subject) state() State {
	switch o := &s.last; {
	case o.At.IsZero():
		return Waiting
	case s.IsItem() && s.alert(RecordFading) != nil && o.Held:
		return Fading
	case s.IsItem() && o.Held:
		return Alive
	case s.memory.Silent, !o.Alive() && s.lastAlive.IsZero():
		return Silent
	case s.alert(LastSeed) != nil, o.SeedsKnown && o.Seeds == 0 && s.memory.HadSeeds < presence:
		return Seedless
	case s.IsItem():
		return Silent
	}
	return Alive
}
