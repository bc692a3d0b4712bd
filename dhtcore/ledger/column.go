package ledger

import "math/bits"

// Column is what TopBy sorts by.
type Column uint8

// The columns, in the order in which a screen offers them. ByVantages sorts by the number of vantages.
const (
	ByRequests Column = iota
	ByRawRequests
	ByRate
	BySources
	ByAnnounces
	BySamples
	ByPeers
	BySeeds
	ByPeersEstimate
	ByVantages
	ByFirstSeen
	ByLastSeen
	ByInfoHash
	ByName
	Columns   // how many columns a user can choose
	ByMinutes // requests of the last five minutes
	ByHour    // requests of the last hour
)

// columns has a row for every column that a user can choose: its name, whether it is sorted from the least to the
// most, and the number of a row in it; nil where it is not a number.
var columns = [Columns]struct {
	name      string
	ascending bool
	of        func(*HashRow) float64
}{
	ByRequests:      {"requests", false, func(r *HashRow) float64 { return float64(r.Requests) }},
	ByRawRequests:   {"requests with repeats", false, func(r *HashRow) float64 { return float64(r.RawRequests) }},
	ByRate:          {"requests a minute", false, func(r *HashRow) float64 { return r.Rate }},
	BySources:       {"sources", false, func(r *HashRow) float64 { return float64(r.Sources) }},
	ByAnnounces:     {"announces", false, func(r *HashRow) float64 { return float64(r.Announces) }},
	BySamples:       {"samples", false, func(r *HashRow) float64 { return float64(r.Samples) }},
	ByPeers:         {"peers", false, func(r *HashRow) float64 { return float64(r.Peers) }},
	BySeeds:         {"seeds", false, func(r *HashRow) float64 { return float64(r.Seeds) }},
	ByPeersEstimate: {"leechers", false, func(r *HashRow) float64 { return float64(r.PeersEstimate) }},
	ByVantages:      {"vantages", false, func(r *HashRow) float64 { return float64(bits.OnesCount16(r.Vantages)) }},
	ByFirstSeen:     {"first seen", false, nil},
	ByLastSeen:      {"last seen", false, nil},
	ByInfoHash:      {"hash", true, nil},
	ByName:          {"name", true, nil},
}

// String returns the name of the column.
func (c Column) String() string { return columns[c%Columns].name }

// Ascending reports whether a ranking by the column begins with the least.
func (c Column) Ascending() bool { return columns[c%Columns].ascending }

// Of returns the number of a row in the column, 0 where it is not a number.
func (c Column) Of(r *HashRow) float64 {
	if of := columns[c%Columns].of; of != nil {
		return of(r)
	}
	return 0
}

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
		return float64(max(l.sets.size(a.sources, a.sizes.sources(), &none), int(l.swarms[place].leastSources)))
	case ByPeers:
		return float64(max(l.sets.size(a.peers, a.sizes.peers(), &none), int(l.swarms[place].leastPeers)))
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
	p := l.rates.of(a, &one)
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
