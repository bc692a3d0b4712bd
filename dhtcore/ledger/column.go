package ledger

import "math/bits"

// Column is what TopBy sorts by.
type Column uint8

// The columns. ByVantages sorts by the number of vantages.
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
	ByMinutes // requests of the last five minutes
	ByHour    // requests of the last hour
	ByFirstSeen
	ByLastSeen
	ByVantages
	ByName
	ByInfoHash
)

// value returns the value of an account in a column.
func (l *Ledger) value(c Column, a *account, place uint32, v *instant) float64 {
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
		return l.rateValue(c, a, v)
	case ByFirstSeen:
		return float64(a.first.ms())
	case ByLastSeen:
		return float64(a.last.ms())
	case ByVantages:
		return float64(bits.OnesCount16(a.vantages))
	}
	return 0 // names and hashes are compared directly
}

func (l *Ledger) rateValue(c Column, a *account, v *instant) float64 {
	var one rates
	p := l.ratesOf(a, &one)
	if p == nil {
		return 0
	}
	if c == ByHour {
		return float64(p.lastHour(v))
	}
	minutes, rate := p.lastMinutes(v)
	if c == ByRate {
		return rate
	}
	return float64(minutes)
}
