package capture

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// passiveLookup is a lookup as its packets tell: our queries with one method for one target, with no long pause between.
type passiveLookup struct {
	state lookup.State
	steps map[netip.AddrPort]int // where a node is in state.Steps
	peers map[netip.AddrPort]int
	told  map[netip.AddrPort]*named // the nodes that were named

	active time.Time     // of the last packet
	made   *lookup.State // the picture of it; nil when it has changed
}

// named is who named a node.
type named struct {
	id       wire.ID
	referrer wire.ID // the first one
	round    int
	count    int
}

// The bounds of the lookups of a capture.
const (
	lookupPause = 10 * time.Second // after which the same queries are another lookup
	minSteps    = 3                // queries to fewer nodes are upkeep, or a crawl
	maxSteps    = 1000
	maxTold     = 8 * maxSteps
	maxLookups  = 200 // with those that are too small to show
)

// lookupLog are the last lookups, the newest last.
type lookupLog []*passiveLookup

// of returns the lookup that a query of ours, or an answer to one, belongs to; a new one for a query that belongs to none,
// nil for other packets.
func (all *lookupLog) of(k *journal.Packet) *passiveLookup {
	if !k.HasTarget || k.Method != wire.GetPeers && k.Method != wire.FindNode && k.Method != wire.Get {
		return nil
	}
	for _, l := range slices.Backward(*all) {
		if l.state.Target == k.Target && l.state.Method == k.Method {
			if k.At.Sub(l.active) <= lookupPause {
				return l
			}
			break
		}
	}
	if k.Kind != wire.KindQuery {
		return nil
	}
	l := &passiveLookup{state: lookup.State{Target: k.Target, Method: k.Method, Started: k.At, Coverage: 1}, steps: make(map[netip.AddrPort]int),
		peers: make(map[netip.AddrPort]int), told: make(map[netip.AddrPort]*named)}
	if len(*all) == maxLookups {
		all.drop()
	}
	*all = append(*all, l)
	return l
}

// drop forgets the oldest one that is too small to show, else the oldest.
func (all *lookupLog) drop() {
	i := max(slices.IndexFunc(*all, func(l *passiveLookup) bool { return len(l.state.Steps) < minSteps }), 0)
	*all = slices.Delete(*all, i, i+1)
}

// asked takes in a query of ours.
func (l *passiveLookup) asked(k *journal.Packet) {
	l.active, l.made = k.At, nil
	l.state.Queries++
	l.state.Elapsed = k.At.Sub(l.state.Started)
	if _, known := l.steps[k.Addr]; known || len(l.state.Steps) >= maxSteps {
		return
	}
	step := lookup.Step{Contact: wire.Contact{Addr: k.Addr}, Round: 1, Asked: k.At.Sub(l.state.Started)}
	if told := l.told[k.Addr]; told != nil {
		step.ID, step.Referrer, step.Referrers, step.Round = told.id, told.referrer, told.count, told.round
		step.Bits = wire.SharedBits(step.ID, l.state.Target)
	}
	l.steps[k.Addr] = len(l.state.Steps)
	l.state.Steps = append(l.state.Steps, step)
}

// answered takes in the answer of a node, and returns how many peers in it are new.
func (l *passiveLookup) answered(k *journal.Packet, m *wire.Message) (fresh int) {
	i, known := l.steps[k.Addr]
	if !known {
		return 0
	}
	l.active, l.made = k.At, nil
	l.state.Elapsed = k.At.Sub(l.state.Started)
	step := &l.state.Steps[i]
	if m.Kind != wire.KindReply || step.ID != (wire.ID{}) && step.ID != m.ID {
		step.State = lookup.Lied
		return 0
	}
	r := m.Reply(k.Addr, k.Took)
	r.DropFalsePeers()
	if step.State != lookup.Replied {
		step.RTT = k.Took
	}
	step.State, step.ID, step.Client = lookup.Replied, m.ID, wire.ClientName(string(m.Version))
	step.Bits = wire.SharedBits(step.ID, l.state.Target)
	step.Token, step.Nodes, step.Peers = step.Token || len(r.Token) > 0, len(r.Nodes), max(step.Peers, len(r.Peers))
	l.state.ClosestBits = max(l.state.ClosestBits, step.Bits)
	for _, c := range r.Nodes {
		l.tell(c, step)
	}
	before := len(l.state.Peers)
	for _, p := range r.Peers {
		l.found(p, step)
	}
	return len(l.state.Peers) - before
}

// tell takes in that a node named another one.
func (l *passiveLookup) tell(c wire.Contact, from *lookup.Step) {
	told := l.told[c.Addr]
	if told == nil {
		if len(l.told) >= maxTold {
			return
		}
		told = &named{id: c.ID, referrer: from.ID, round: from.Round + 1}
		l.told[c.Addr] = told
	}
	told.count++
	if i, asked := l.steps[c.Addr]; asked && l.state.Steps[i].Referrers > 0 {
		l.state.Steps[i].Referrers = told.count
	}
}

// found takes in that a node gave a peer.
func (l *passiveLookup) found(p netip.AddrPort, from *lookup.Step) {
	i, known := l.peers[p]
	if !known {
		if len(l.state.Peers) == 0 {
			l.state.FirstPeer = l.state.Elapsed
		}
		i = len(l.state.Peers)
		l.peers[p] = i
		l.state.Peers = append(l.state.Peers, lookup.Peer{Addr: p, Found: l.state.Elapsed})
	}
	peer := &l.state.Peers[i]
	if !slices.Contains(peer.From, from.Addr) {
		peer.From = append(slices.Clip(peer.From), from.Addr) // a picture may have what was there
	}
}

// timedOut takes in that a node has not answered.
func (l *passiveLookup) timedOut(addr netip.AddrPort) {
	if i, known := l.steps[addr]; known && l.state.Steps[i].State == lookup.InFlight {
		l.state.Steps[i].State, l.made = lookup.TimedOut, nil
	}
}

// picture returns the lookup as it stands.
func (l *passiveLookup) picture(now time.Time) *lookup.State {
	done := now.Sub(l.active) > lookupPause
	if l.made != nil && l.made.Done == done {
		return l.made
	}
	s := l.state
	s.Steps, s.Peers = slices.Clone(s.Steps), slices.Clone(s.Peers)
	for _, r := range s.Rounds() {
		s.Asked, s.Replied, s.TimedOut, s.Lied, s.InFlight = s.Asked+r.Asked, s.Replied+r.Replied, s.TimedOut+r.TimedOut, s.Lied+r.Lied, s.InFlight+r.InFlight
	}
	for i := range s.Steps {
		if s.Steps[i].State == lookup.Replied {
			s.Closest = append(s.Closest, s.Steps[i])
		}
	}
	slices.SortFunc(s.Closest, func(a, b lookup.Step) int { return wire.CompareDistance(s.Target, a.ID, b.ID) })
	s.Closest = slices.Clip(s.Closest[:min(len(s.Closest), lookup.DefaultK)])
	if s.Done = done; done {
		s.Ending = lookup.Completed
		if len(s.Closest) < lookup.DefaultK {
			s.Ending = lookup.Starvation
		}
	} else {
		s.Elapsed = max(now.Sub(s.Started), 0)
	}
	l.made = &s
	return l.made
}

// Lookups are pictures of the last lookups that are large enough to be some, newest first, at most most of them.
func (n *Node) Lookups(now time.Time, most int) (states []lookup.State) {
	for _, l := range slices.Backward(n.lookups) {
		if len(l.state.Steps) >= minSteps && len(states) < most {
			states = append(states, *l.picture(now))
		}
	}
	return states
}
