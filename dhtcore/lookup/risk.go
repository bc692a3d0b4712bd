package lookup

import (
	"fmt"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// RiskLevel says how likely it is that a lookup was led astray: that the nodes it found closest were put
// there to hide the others (an eclipse).
type RiskLevel uint8

// The levels.
const (
	LowRisk RiskLevel = iota
	MediumRisk
	HighRisk
)

var riskLevels = [...]string{"low", "medium", "high"}

// String returns the word of the screens and of JSON.
func (r RiskLevel) String() string { return riskLevels[r] }

// MarshalText implements encoding.TextMarshaler.
func (r RiskLevel) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Risk is the verdict on a finished lookup.
type Risk struct {
	Level   RiskLevel
	Reasons []string // a clause each; none when the level is low
	// Distance is that of the k-th closest node, as a multiple of what the size of the network makes one
	// expect; 0 while the size is not known.
	Distance float64
	Networks int     // different /24s or /64s among the closest; 0 in local networks
	Secure   float64 // share of the closest whose ID is valid for their address (BEP 42)
}

// What is suspicious. The distance of the eighth node has a standard deviation of a third of its mean:
// less than a quarter of it happens by chance once in a thousand lookups.
const (
	tooClose       = 0.25
	muchTooClose   = 0.1
	tooFar         = 2.5
	fewNetworks    = 0.75 // of the closest
	tooFewNetworks = 0.5
	fewSecure      = 0.5
	sizesToJudge   = 4 // lookups that the estimate of the size must come from
	highRiskScore  = 2
)

// assess judges the closest nodes of the family that has more of them. mu is held.
func (l *Lookup) assess() (r Risk) {
	family := 0
	closest := l.shortlists[0].closest(l.cfg.K)
	if six := l.shortlists[1].closest(l.cfg.K); len(six) > len(closest) {
		family, closest = 1, six
	}
	switch {
	case len(l.queried) == 0:
		return Risk{Level: HighRisk, Reasons: []string{"there was nobody to ask"}}
	case len(closest) == 0:
		return Risk{Level: HighRisk, Reasons: []string{"nobody answered"}}
	}
	score := 0
	suspect := func(points int, format string, args ...any) {
		score += points
		r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
	}
	if len(closest) < l.cfg.K {
		suspect(1, "only %d nodes answered", len(closest))
	}
	r.Distance = l.remoteness(family, closest)
	switch d := r.Distance; {
	case d == 0:
	case d < muchTooClose:
		suspect(2, "the closest nodes are %.0f times as close as in a network of this size", 1/d)
	case d < tooClose:
		suspect(1, "the closest nodes are %.0f times as close as in a network of this size", 1/d)
	case d > tooFar:
		suspect(1, "the closest nodes are %.1f times as far as in a network of this size", d)
	}
	r.Networks, r.Secure = diversity(closest)
	switch few := float64(r.Networks) / float64(len(closest)); {
	case r.Networks == 0 || len(closest) < 2:
	case few <= tooFewNetworks:
		suspect(2, "the %d closest nodes are in %d networks", len(closest), r.Networks)
	case few < fewNetworks:
		suspect(1, "the %d closest nodes are in %d networks", len(closest), r.Networks)
	}
	if r.Secure < fewSecure {
		suspect(1, "%.0f %% of the closest nodes have an ID that their address allows (BEP 42)", 100*r.Secure)
	}
	r.Level = RiskLevel(min(score, highRiskScore))
	return r
}

// remoteness is how far the last of the closest nodes is, as a multiple of what is expected; 0 when the
// size of the network is not known well enough.
func (l *Lookup) remoteness(family int, closest []*candidate) float64 {
	size := l.cfg.Shared.NetworkSize(family == 1)
	if size.Lookups < sizesToJudge || len(closest) < l.cfg.K {
		return 0
	}
	last := normedDistance(l.cfg.Target, closest[len(closest)-1].step.ID)
	return last * size.Nodes / float64(len(closest))
}

// diversity counts the networks of nodes and the share of them whose ID is valid for their address.
func diversity(nodes []*candidate) (networks int, secure float64) {
	seen := make(map[netip.Addr]bool)
	for _, c := range nodes {
		if network, limited := wire.Subnet(c.step.Addr.Addr()); limited {
			seen[network] = true
		}
		if wire.Secure(c.step.ID, c.step.Addr.Addr()) {
			secure++
		}
	}
	return len(seen), secure / float64(len(nodes))
}
