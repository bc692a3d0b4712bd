package lookup

import (
	"fmt"
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// RiskLevel is how likely an eclipse is: that the closest nodes of a lookup were placed there to hide the
// others.
type RiskLevel uint8

// The levels.
const (
	LowRisk RiskLevel = iota
	MediumRisk
	HighRisk
)

var riskLevels = [...]string{"low", "medium", "high"}

// String returns the word for screens and JSON.
func (r RiskLevel) String() string { return riskLevels[r] }

// MarshalText implements encoding.TextMarshaler.
func (r RiskLevel) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *RiskLevel) UnmarshalText(text []byte) error {
	i := slices.Index(riskLevels[:], string(text))
	if i < 0 {
		return fmt.Errorf("no level of risk %q", text)
	}
	*r = RiskLevel(i)
	return nil
}

// Risk is the verdict on a finished lookup.
type Risk struct {
	Level   RiskLevel
	Reasons []string // a clause each; none when the level is low
	// Distance is that of the k-th closest node, as a multiple of the distance to expect in a network of
	// the estimated size; 0 while the size is not known.
	Distance float64
	Networks int     // different /24s or /64s among the closest; 0 in local networks
	Secure   float64 // share of the closest whose ID is valid for their address (BEP 42)
}

// What is suspicious. The standard deviation of the distance of the eighth node is a third of the mean: less
// than a quarter of the mean happens by chance once in a thousand lookups.
const (
	tooClose       = 0.25
	muchTooClose   = 0.1
	tooFar         = 2.5
	fewNetworks    = 0.75 // of the closest
	tooFewNetworks = 0.5
	fewSecure      = 0.5 // none at all is worse
	minLookups     = 4   // that the estimate of the size comes from; with fewer, it is vague:
	vagueSize      = 8   // it may be so many times too low; by chance that hardly ever happens
	highRiskScore  = 2
)

// assess judges the closest nodes of the family that has more of them. mu is held.
func (l *Lookup) assess() (r Risk) {
	family := wire.IPv4
	closest := l.shortlists[family].closest(l.cfg.K)
	if six := l.shortlists[wire.IPv6].closest(l.cfg.K); len(six) > len(closest) {
		family, closest = wire.IPv6, six
	}
	switch {
	case len(l.queried) == 0:
		return Risk{Level: HighRisk, Reasons: []string{"there was no node to query"}}
	case len(closest) == 0:
		return Risk{Level: HighRisk, Reasons: []string{"no node replied"}}
	}
	score := 0
	suspect := func(points int, format string, args ...any) {
		score += points
		r.Reasons = append(r.Reasons, fmt.Sprintf(format, args...))
	}
	if len(closest) < l.cfg.K {
		suspect(1, "only %d nodes replied", len(closest))
	}
	d, vague := 0., false
	if size := l.cfg.Shared.NetworkSize(family); size.Lookups > 0 && len(closest) == l.cfg.K {
		if vague = size.Lookups < minLookups; vague { // but what is too close in a network of many times the size is too close
			size.Nodes *= vagueSize
		}
		if d = relativeDistance(l.cfg.Target, size, closest); !vague {
			r.Distance = d
		}
	}
	const asCloseAs = "the closest nodes are %s times as close as expected in a network of this size"
	switch {
	case d == 0:
	case d < muchTooClose:
		suspect(2, asCloseAs, times(1/d))
	case d < tooClose:
		suspect(1, asCloseAs, times(1/d))
	case d > tooFar && !vague:
		suspect(1, "the closest nodes are %.1f times as far as expected in a network of this size", d)
	}
	r.Networks, r.Secure = diversity(closest)
	switch few := float64(r.Networks) / float64(len(closest)); {
	case r.Networks == 0 || len(closest) < 2:
	case few <= tooFewNetworks:
		suspect(2, "the %d closest nodes are in %d networks", len(closest), r.Networks)
	case few < fewNetworks:
		suspect(1, "the %d closest nodes are in %d networks", len(closest), r.Networks)
	}
	switch {
	case r.Secure == 0:
		suspect(2, "none of the closest nodes has an ID that is valid for its address (BEP 42)")
	case r.Secure < fewSecure:
		suspect(1, "only %.0f %% of the closest nodes have an ID that is valid for their address (BEP 42)", 100*r.Secure)
	}
	r.Level = RiskLevel(min(score, highRiskScore))
	return r
}

// times is a factor in words: nobody reads one of twelve digits.
func times(factor float64) string {
	if factor > 1000 {
		return "over 1,000"
	}
	return fmt.Sprintf("%.0f", factor)
}

// forged reports whether none of the closest nodes of a family has a valid ID although others have one. Then their
// distances say nothing about the size of the network. mu is held.
func (l *Lookup) forged(family wire.Family, closest []*candidate) bool {
	return len(l.shortlists.valid(family).closest(1)) > 0 &&
		!slices.ContainsFunc(closest, func(c *candidate) bool { return c.secure })
}

// relativeDistance returns the distance of the last of the closest nodes, as a multiple of the one to expect.
func relativeDistance(target wire.ID, size Size, closest []*candidate) float64 {
	last := closest[len(closest)-1]
	return normedDistance(target, last.step.ID) * size.Nodes / float64(len(closest))
}

// diversity counts the networks of nodes and the share of them whose ID is valid for their address.
func diversity(nodes []*candidate) (networks int, secure float64) {
	seen := make(map[netip.Addr]bool)
	for _, c := range nodes {
		if network, limited := wire.Subnet(c.step.Addr.Addr()); limited {
			seen[network] = true
		}
		if c.secure {
			secure++
		}
	}
	return len(seen), secure / float64(len(nodes))
}
