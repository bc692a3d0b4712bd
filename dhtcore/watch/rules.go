package watch

import (
	"fmt"
	"time"

	"dhtop/dhtcore/human"
)

// verdict is what a rule says of an observation.
type verdict uint8

const (
	unknown verdict = iota // the observation does not tell: nothing changes
	unsure                 // neither ill nor well
	well
	ill
)

// rule is one kind of alert. It fires when confirm observations in a row are ill, and clears when clearing in a row are
// well. An observation that is unsure ends such a series.
type rule struct {
	kind    Kind
	confirm int
	lasts   time.Duration // what is an event and no state clears after it; 0 for a state
	anew    bool          // ill while it fires is another one
	judge   func(s *subject, o *Observation) verdict
	say     func(s *subject, o *Observation) string
}

// How many observations in a row make sure. A lookup misses a peer that is there once in fifty times or so, so that five
// in a row miss it by chance once in 300 million; what is found is there, but for liars.
const (
	absence  = 5
	presence = 2
	figure   = 3 // an estimate
	clearing = 2
)

// The thresholds of the rules.
const (
	silence      = 2 * time.Hour // without anybody, until the first peer is news
	eventLasts   = 24 * time.Hour
	differFactor = 4.0 // of the DHT's swarm and the trackers'
	agreeFactor  = 2.5
	differSmall  = 3   // added to both, so that 1 and 4 do not differ
	jumpFactor   = 3.0 // of the leechers, over their mean of a day
	calmFactor   = 2.0
	doneFactor   = 1.5
	jumpLeast    = 10 // leechers more
	fadedTo      = 3  // a third of the holders that it had
	holdersLeast = 3  // an item that never had as many does not fade
	wholeEnough  = 0.8
)

// rules is the table of the rules about entries, by kind.
var rules = [NodeUnreachable]rule{
	FewSeeds:      {FewSeeds, absence, 0, false, judgeFewSeeds, sayFewSeeds},
	FirstPeer:     {FirstPeer, presence, eventLasts, true, judgeFirstPeer, sayFirstPeer},
	LastSeed:      {LastSeed, absence, 0, false, judgeLastSeed, sayLastSeed},
	MineGone:      {MineGone, absence, 0, false, judgeMine, sayMine},
	Disagree:      {Disagree, figure, 0, false, judgeDisagree, sayDisagree},
	Demand:        {Demand, figure, eventLasts, false, judgeDemand, sayDemand},
	RecordChanged: {RecordChanged, 1, eventLasts, true, judgeChanged, sayChanged},
	RecordFading:  {RecordFading, absence, 0, false, judgeFading, sayFading},
}

func judgeFewSeeds(s *subject, o *Observation) verdict {
	err := Error(o.Seeds)
	switch {
	case s.MinSeeds == 0 || !o.SeedsKnown || s.IsItem():
		return unknown
	case o.Seeds+err < s.MinSeeds:
		return ill
	case o.Seeds-err >= s.MinSeeds:
		return well
	}
	return unsure
}

func sayFewSeeds(s *subject, o *Observation) string {
	return fmt.Sprintf("%s has %s, fewer than %s.", s.Name(), human.Amount(o.Seeds, "seed", "seeds"), human.Count(s.MinSeeds))
}

func judgeFirstPeer(s *subject, o *Observation) verdict {
	switch {
	case s.IsItem():
		return unknown
	case !o.Alive():
		if s.memory.Silent {
			return well
		}
		return unsure
	case s.memory.Silent && o.At.Sub(s.memory.SilentSince) >= silence:
		return ill
	}
	return unsure
}

func sayFirstPeer(s *subject, o *Observation) string {
	return fmt.Sprintf("%s has %s again, after %s of silence.", s.Name(), human.Amount(o.Swarm(), "peer", "peers"),
		human.Age(o.At.Sub(s.memory.SilentSince)))
}

func judgeLastSeed(s *subject, o *Observation) verdict {
	switch {
	case !o.SeedsKnown || s.IsItem():
		return unknown
	case o.Seeds > 0:
		return well
	case s.memory.HadSeeds < presence:
		return unsure
	}
	return ill
}

func sayLastSeed(s *subject, o *Observation) string {
	if n := max(o.Leechers, o.Peers); n > 0 {
		return fmt.Sprintf("%s has lost its last seed; %s left.", s.Name(), human.Amount(n, "peer is", "peers are"))
	}
	return s.Name() + " has lost its last seed, and nobody is left."
}

// judgeMine looks for our own client. Of a large swarm the nodes tell a part, in which it may not be.
func judgeMine(s *subject, o *Observation) verdict {
	switch {
	case !o.MineKnown || s.IsItem():
		return unknown
	case o.MineOn > 0:
		return well
	case s.memory.HadMine < presence:
		return unsure
	case o.Coverage < wholeEnough:
		return unsure
	}
	return ill
}

func sayMine(s *subject, o *Observation) string {
	return fmt.Sprintf("Your client is no longer found for %s: none of the %s closest nodes names it.", s.Name(), human.Count(o.Closest))
}

func judgeDisagree(s *subject, o *Observation) verdict {
	if !o.TrackerKnown || !o.SeedsKnown || s.IsItem() {
		return unknown
	}
	switch factor := differ(o); {
	case factor >= differFactor:
		return ill
	case factor <= agreeFactor:
		return well
	}
	return unsure
}

// differ is by which factor the swarms of the DHT and the trackers differ.
func differ(o *Observation) float64 {
	a, b := float64(o.Swarm()+differSmall), float64(o.TrackerSwarm()+differSmall)
	return max(a/b, b/a)
}

func sayDisagree(s *subject, o *Observation) string {
	return fmt.Sprintf("%s has %s in the DHT and %s by its trackers.", s.Name(),
		human.Amount(o.Swarm(), "peer", "peers"), human.Count(o.TrackerSwarm()))
}

func judgeDemand(s *subject, o *Observation) verdict {
	m := &s.memory
	if !o.SeedsKnown || m.Measured < demandLeast || s.IsItem() {
		return unknown
	}
	n, usual, err := float64(o.Leechers), m.Leechers, float64(Error(o.Leechers))
	firing := s.alert(Demand) != nil
	switch {
	case firing && n < doneFactor*usual+jumpLeast/2:
		return well
	case firing:
		return unsure
	case n-err > jumpFactor*usual+jumpLeast:
		return ill
	case n < calmFactor*usual+jumpLeast/2:
		return well
	}
	return unsure
}

func sayDemand(s *subject, o *Observation) string {
	return fmt.Sprintf("%s has %s; %s is usual.", s.Name(), human.Amount(o.Leechers, "leecher", "leechers"), human.Rounded(s.memory.Leechers))
}

func judgeChanged(s *subject, o *Observation) verdict {
	switch {
	case !s.IsItem() || !o.Held || s.memory.SeqSeen < seqSure || o.Seq < s.memory.Seq:
		return unknown // those that have the newest version did not reply
	case o.Seq > s.memory.Seq:
		return ill
	}
	return unsure
}

func sayChanged(s *subject, o *Observation) string {
	return fmt.Sprintf("%s has changed: version %d, before %d.", s.Name(), o.Seq, s.memory.Seq)
}

func judgeFading(s *subject, o *Observation) verdict {
	usual := s.memory.Holders
	switch {
	case !s.IsItem() || usual < holdersLeast:
		return unknown
	case float64(o.Holders) <= usual/fadedTo:
		return ill
	case float64(o.Holders) >= usual/2:
		return well
	}
	return unsure
}

func sayFading(s *subject, o *Observation) string {
	if o.Holders == 0 {
		return s.Name() + " is gone: none of the closest nodes holds it."
	}
	return fmt.Sprintf("%s is fading: %s it, %s did.", s.Name(), human.Amount(o.Holders, "node holds", "nodes hold"), human.Rounded(s.memory.Holders))
}
