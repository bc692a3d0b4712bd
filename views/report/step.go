package report

import "dhtop/dhtcore"

// Round sums up the nodes that are equally many hops from those that we knew ourselves.
type Round struct {
	Asked    int `json:"asked"`
	Replied  int `json:"replied"`
	Timeouts int `json:"timeouts"`
	Lied     int `json:"lied"`
	Late     int `json:"late"` // of those that replied
}

func newRounds(l *dhtcore.LookupState) []Round {
	rounds := []Round{}
	for _, r := range l.Rounds() {
		rounds = append(rounds, Round{r.Asked, r.Replied, r.TimedOut, r.Lied, r.Late})
	}
	return rounds
}

// Risk says how likely it is that a lookup was led astray (an eclipse).
type Risk struct {
	Level   dhtcore.RiskLevel `json:"level"`   // low, medium or high
	Reasons []string          `json:"reasons"` // a clause each; none when it is low
}

func newRisk(r *dhtcore.Risk) Risk {
	return Risk{r.Level, append([]string{}, r.Reasons...)}
}

// Step is one node that a lookup asked.
type Step struct {
	ID           dhtcore.ID  `json:"id"`
	Addr         string      `json:"addr"`
	State        string      `json:"state"`                 // in_flight, replied, timed_out or lied
	Late         bool        `json:"late"`                  // it replied after its slot was given away
	Round        int         `json:"round"`                 // from 1
	DistanceBits int         `json:"distance_bits"`         // length of the distance: 160 less the shared prefix
	AskedMS      int64       `json:"asked_ms"`              // since the lookup began
	RTTMS        int64       `json:"rtt_ms"`                // 0 without a reply
	ToldBy       *dhtcore.ID `json:"told_by"`               // the first that told of it; null for our own table
	Nodes        int         `json:"nodes"`                 // in its reply
	Peers        int         `json:"peers"`                 // in its longest reply
	FalsePeers   int         `json:"false_peers,omitempty"` // in its replies, left out as they cannot be any
}

var stepStates = [...]string{
	dhtcore.InFlight: "in_flight", dhtcore.Replied: "replied", dhtcore.TimedOut: "timed_out", dhtcore.Lied: "lied",
}

func newSteps(l *dhtcore.LookupState, o Options) []Step {
	steps := make([]Step, len(l.Steps))
	for i := range l.Steps {
		s := &l.Steps[i]
		steps[i] = Step{ID: s.ID, Addr: o.addr(s.Addr), State: stepStates[s.State], Late: s.Late, Round: s.Round,
			DistanceBits: idBits - s.Bits, AskedMS: millis(s.Asked), RTTMS: millis(s.RTT), Nodes: s.Nodes, Peers: s.Peers,
			FalsePeers: s.FalsePeers}
		if !s.Referrer.Zero() {
			steps[i].ToldBy = &s.Referrer
		}
	}
	return steps
}
