package lookup

import "math"

// Where many packets get lost, silence says little about a node. How many do is seen from the nodes that had replied
// lately: hardly any of them goes away within minutes.
const (
	steadyReplies = 16   // that a new steadiness starts with
	steadyMemory  = 100  // queries: an older one has lost most of its weight
	lossy         = 0.75 // a share of replies below it means that packets get lost
	mostTries     = 5
	certainty     = 0.9 // that a node which is there replies to one of its tries
)

// steadiness is the decaying share of nodes that had replied lately and do so again.
type steadiness struct{ decayingShare }

func (s *steadiness) add(replied bool) { s.count(replied, steadyMemory) }

func (s *steadiness) share() float64 { return s.with(steadyReplies, 0) }

// tries is how often to ask a node before it is left alone: once where hardly any packet gets lost.
func (s *steadiness) tries() int {
	share := s.share()
	if share >= lossy {
		return 1
	}
	return min(int(math.Ceil(math.Log(1-certainty)/math.Log(1-share))), mostTries)
}

// retry gives a candidate whose query is overdue another one, and reports whether it did. An address that has never
// answered gets one more at most: anybody can name one.
func (l *Lookup) retry(c *candidate) bool {
	most := l.shortlist(c.step.Contact).tries
	if c.rtt == 0 {
		most = min(most, maxAsked)
	}
	if c.status != waiting || c.tries+1 >= most {
		return false
	}
	c.tries++
	c.at.asked--
	c.become(heard)
	return true
}

// superseded reports whether the result says nothing about its candidate: another query to it is under way or has been
// answered.
func (r *result) superseded() bool {
	return r.to.status == replied || r.err != nil && r.try < r.to.tries
}
