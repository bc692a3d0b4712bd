package lookup

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// StepState is how one question of a lookup stands.
type StepState uint8

// The states of a step.
const (
	InFlight StepState = iota
	Replied
	TimedOut
	Lied // an answer of no use: from another ID than was expected, a KRPC error, or invalid
)

var stepStates = [...]string{"in flight", "answered", "silent", "lied"}

// String returns the word that the screens use for the state.
func (s StepState) String() string { return stepStates[s] }

// Step is one node that a lookup has asked.
type Step struct {
	wire.Contact
	State  StepState
	Bits   int           // prefix shared with the target, 0-160
	Round  int           // 1 for the nodes that we knew ourselves, else one more than the teller's
	Asked  time.Duration // since the lookup started
	RTT    time.Duration // when it replied
	Told   wire.ID       // who told us of it first; zero for our own table
	ToldBy int           // how many told us of it
	Token  bool          // gave an announce token
	Nodes  int           // contacts in its reply
	Peers  int           // peers in its reply
	Client string        // printable; "" when unknown
}

// Peer is a peer that a lookup found.
type Peer struct {
	Addr  netip.AddrPort
	Found time.Duration    // since the lookup started
	From  []netip.AddrPort // the nodes that gave it
}

// State is a picture of a lookup, running or done. It is immutable once handed out.
type State struct {
	Target  wire.ID
	Method  wire.Method // FindNode or GetPeers
	Started time.Time
	Elapsed time.Duration // until now, or until it was done
	Done    bool
	Err     string // why it ended early, printable; "" when it ran its course

	Asked, Replied, TimedOut, Lied, InFlight int

	ClosestBits int           // prefix that the closest node which answered shares with the target
	FirstPeer   time.Duration // 0 while there is none
	Steps       []Step        // in the order of asking
	Closest     []Step        // the k closest that answered, closest first
	Peers       []Peer        // in the order of finding
}

// State returns a picture of the lookup as it stands.
func (l *Lookup) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := State{
		Target: l.cfg.Target, Method: l.cfg.Method, Started: l.started,
		Done: !l.ended.IsZero(), Elapsed: time.Since(l.started),
		Asked: len(l.asked), Peers: slices.Clone(l.peers),
		Steps: make([]Step, len(l.asked)),
	}
	if s.Done {
		s.Elapsed = l.ended.Sub(l.started)
	}
	if l.err != nil {
		s.Err = l.err.Error()
	}
	if len(l.peers) > 0 {
		s.FirstPeer = l.peers[0].Found
	}
	for i, c := range l.asked {
		s.Steps[i] = c.step
		s.count(&c.step)
	}
	s.Closest = l.closest()
	return s
}

func (s *State) count(step *Step) {
	switch step.State {
	case InFlight:
		s.InFlight++
	case Replied:
		s.Replied++
		s.ClosestBits = max(s.ClosestBits, step.Bits)
	case TimedOut:
		s.TimedOut++
	case Lied:
		s.Lied++
	}
}

// closest returns the k closest nodes of each family that answered. mu is held.
func (l *Lookup) closest() (steps []Step) {
	for i := range l.fronts {
		left := l.cfg.K
		for _, c := range l.fronts[i].sorted {
			if c.step.State == Replied && c.asked && left > 0 {
				steps = append(steps, c.step)
				left--
			}
		}
	}
	return steps
}
