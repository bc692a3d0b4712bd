package ledger

import "math/bits"

// Column is what TopBy sorts by.
type Column uint8

// The columns. Of ByVantages the number of vantages counts.
const (
	ByRequests Column = iota
	ByRawRequests
	ByAnnounces
	BySamples
	BySources
	ByPeers
	BySeeds
	ByPeersEstimate
	ByRate
	ByMinutes // the ranking of the last five minutes
	ByHour    // the ranking of the last hour
	ByFirstSeen
	ByLastSeen
	ByVantages
	ByName
	ByInfoHash
)

// value returns what an account has in a column.
func (l *Ledger) value(c Column, a *account, place uint32, v *view) float64 {
	none := 0
	switch c {
	case ByRequests:
		return float64(a.requests)
	case ByRawRequests:
		return float64(a.requests) + float64(l.repeated[place])
	case ByAnnounces:
		return float64(a.announces)
	case BySamples:
		return float64(a.samples)
	case BySources:
		return float64(max(l.size(a.sources, a.sizes.sources(), &none), int(l.swarms[place].leastSources)))
	case ByPeers:
		return float64(max(l.size(a.peers, a.sizes.peers(), &none), int(l.swarms[place].leastPeers)))
	case BySeeds:
		return float64(l.swarms[place].seeds)
	case ByPeersEstimate:
		return float64(l.swarms[place].peers)
	case ByRate, ByMinutes, ByHour:
		return l.pacedValue(c, a, v)
	case ByFirstSeen:
		return float64(a.first.ms())
	case ByLastSeen:
		return float64(a.last.ms())
	case ByVantages:
		return float64(bits.OnesCount16(a.vantages))
	}
	return 0 // names and hashes are compared themselves
}

func (l *Ledger) pacedValue(c Column, a *account, v *view) float64 {
	var one pace
	p := l.paceOf(a, &one)
	if p == nil {
		return 0
	}
	if c == ByHour {
		return float64(p.hourly(v))
	}
	minutes, rate := p.lately(v)
	if c == ByRate {
		return rate
	}
	return float64(minutes)
}
