package lookup

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// StepState is how the first query to a node stands.
type StepState uint8

// The states of a step.
const (
	InFlight StepState = iota
	Replied
	TimedOut
	Lied // a reply of no use: under another ID than expected, a KRPC error, or invalid
)

var stepStateWords = [...]string{"in flight", "answered", "silent", "lied"}

// String returns the word that the screens use for the state.
func (s StepState) String() string { return stepStateWords[s] }

// Step is one node that a lookup has queried.
type Step struct {
	wire.Contact
	State      StepState
	Late       bool          // it replied after its slot was given away
	Bits       int           // length of the prefix shared with the target, 0-160
	Round      int           // 1 for the nodes that we knew ourselves, else one more than its first referrer's
	Asked      time.Duration // since the lookup started
	RTT        time.Duration // when it replied
	Referrer   wire.ID       // the node that named it first; zero for our own table
	Referrers  int           // how many nodes named it
	Token      bool          // it gave an announce token
	Item       bool          // it had the item: Get
	Nodes      int           // contacts in its reply
	Peers      int           // peers in the longest of its replies
	FalsePeers int           // peers in its replies that cannot be any; they are left out
	Client     string        // printable; "" when unknown
}

// Peer is a peer that a lookup found.
type Peer struct {
	Addr  netip.AddrPort
	Found time.Duration    // since the lookup started
	From  []netip.AddrPort // the nodes that gave it
}

// Round sums up the steps that are equally many hops from the nodes that we knew ourselves.
type Round struct{ Asked, Replied, TimedOut, Lied, Late, InFlight int }

// State is a lookup at one moment, running or done. It is read-only once handed out.
type State struct {
	Target  wire.ID
	Method  wire.Method // FindNode, GetPeers or Get
	Started time.Time
	Elapsed time.Duration // until now, or until it was done
	Done    bool
	Ending  Ending // why it is done
	Err     string // of the context that ended it early, printable; "" else

	Round       // of all nodes queried
	Queries int // sent; a node may be queried again for more peers

	ClosestBits int           // length of the prefix that the closest node that replied shares with the target
	FirstPeer   time.Duration // 0 while there is none
	Steps       []Step        // in the order of asking
	Closest     []Step        // the k closest that replied, closest first, IPv4 before IPv6
	Peers       []Peer        // in the order of finding
	Coverage    float64       // estimated share of the swarm that Peers are, 0-1; 1 when none were given

	Scrapes  int // replies with BEP 33 filters; without any the two estimates below are 0
	Seeds    int // estimated from the filters
	Leechers int

	Item     *wire.Item     // the newest valid one: Get
	ItemFrom []wire.Contact // the nodes that had it
	Holders  []Holder       // the nodes that had any valid version, in the order of their replies

	Stored   []Receipt // receipts of the last Announce or Put, closest node first; nil before
	StoredAt time.Time // when the last of these came; zero before

	Risk Risk // once it is done
}

// FalsePeers returns how many peers of the replies were left out, as they cannot be any.
func (s *State) FalsePeers() (n int) {
	for i := range s.Steps {
		n += s.Steps[i].FalsePeers
	}
	return n
}

// Rounds returns the sums of the steps by round, the first one first. There are no more rounds than steps, whatever a State
// from elsewhere says.
func (s *State) Rounds() (rounds []Round) {
	for i := range s.Steps {
		step := &s.Steps[i]
		round := min(max(step.Round, 1), len(s.Steps))
		for len(rounds) < round {
			rounds = append(rounds, Round{})
		}
		rounds[round-1].count(step)
	}
	return rounds
}

// SwarmEstimate is how many peers the swarm has: by the filters or by the peers found, whichever is more.
func (s *State) SwarmEstimate() int {
	return max(s.Seeds+s.Leechers, len(s.Peers))
}

// errText says why a lookup ended early, without the words of package context.
func errText(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "out of time"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return err.Error()
}

// State returns the lookup as it stands.
func (l *Lookup) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := State{
		Target: l.cfg.Target, Method: l.cfg.Method, Started: l.started,
		Done: !l.ended.IsZero(), Ending: l.endedBy, Elapsed: time.Since(l.started),
		Queries: l.queries, Peers: slices.Clone(l.swarm.peers), Coverage: l.swarm.coverage(),
		Steps: make([]Step, len(l.queried)), Risk: l.risk,
		Item: l.item.item, ItemFrom: slices.Clone(l.item.from), Holders: slices.Clone(l.item.holders), Stored: l.stored, StoredAt: l.storedAt,
	}
	if s.Done {
		s.Elapsed = l.ended.Sub(l.started)
	}
	if l.err != nil {
		s.Err = errText(l.err)
	}
	if len(l.swarm.peers) > 0 {
		s.FirstPeer = l.swarm.peers[0].Found
	}
	if s.Scrapes = l.swarm.scrapes; s.Scrapes > 0 {
		s.Seeds, s.Leechers = int(l.swarm.seeds.Estimate()+0.5), int(l.swarm.leechers.Estimate()+0.5)
	}
	for i, c := range l.queried {
		s.Steps[i] = c.step
		s.Round.count(&c.step)
		if c.status == replied {
			s.ClosestBits = max(s.ClosestBits, c.step.Bits)
		}
	}
	for _, all := range l.shortlists.all() {
		for _, c := range all.closest(l.cfg.K) {
			s.Closest = append(s.Closest, c.step)
		}
	}
	return s
}

func (r *Round) count(step *Step) {
	r.Asked++
	switch step.State {
	case InFlight:
		r.InFlight++
	case Replied:
		r.Replied++
	case TimedOut:
		r.TimedOut++
	case Lied:
		r.Lied++
	}
	if step.Late {
		r.Late++
	}
}
