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
	ByTracked
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
	ByMaintenance
)

// columns has a row for every column. The order of the ranking by names and by hashes is in topN.compare.
var columns = [ByMaintenance + 1]struct {
	name      string
	ascending bool                                                          // from the least to the most
	of        func(*HashRow) float64                                        // the number of a row; nil where there is none
	value     func(l *Ledger, a *account, place uint32, v *instant) float64 // the same of an account
}{
	ByRequests: {name: "requests", of: func(r *HashRow) float64 { return float64(r.Requests) },
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.demand()) }},
	ByRawRequests: {name: "requests with repeats", of: func(r *HashRow) float64 { return float64(r.RawRequests) },
		value: func(l *Ledger, a *account, place uint32, _ *instant) float64 {
			return float64(a.demand()) + float64(l.repeated[place])
		}},
	ByRate: {name: "requests a minute", of: func(r *HashRow) float64 { return r.Rate },
		value: (*Ledger).rateOf},
	BySources: {name: "sources", of: func(r *HashRow) float64 { return float64(r.Sources) },
		value: (*Ledger).sourcesOf},
	ByAnnounces: {name: "announces", of: func(r *HashRow) float64 { return float64(r.Announces) },
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.announces) }},
	BySamples: {name: "samples", of: func(r *HashRow) float64 { return float64(r.Samples) },
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.samples) }},
	ByTracked: {name: "announces to the tracker", of: func(r *HashRow) float64 { return float64(r.Tracked) },
		value: func(l *Ledger, a *account, place uint32, _ *instant) float64 { return float64(l.trackedOf(a, place)) }},
	ByPeers: {name: "peers", of: func(r *HashRow) float64 { return float64(r.Peers) },
		value: (*Ledger).peersOf},
	BySeeds: {name: "seeds", of: func(r *HashRow) float64 { return float64(r.Seeds) },
		value: func(l *Ledger, _ *account, place uint32, _ *instant) float64 {
			return float64(l.swarms[place].seeds)
		}},
	ByPeersEstimate: {name: "leechers", of: func(r *HashRow) float64 { return float64(r.PeersEstimate) },
		value: func(l *Ledger, _ *account, place uint32, _ *instant) float64 {
			return float64(l.swarms[place].peers)
		}},
	ByVantages: {name: "vantages", of: func(r *HashRow) float64 { return float64(bits.OnesCount16(r.Vantages)) },
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 {
			return float64(bits.OnesCount16(a.vantages))
		}},
	ByFirstSeen: {name: "first seen",
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.first.ms()) }},
	ByLastSeen: {name: "last seen",
		value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.last.ms()) }},
	ByInfoHash:    {name: "hash", ascending: true},
	ByName:        {name: "name", ascending: true},
	ByMinutes:     {value: (*Ledger).minutesOf},
	ByHour:        {value: (*Ledger).hourOf},
	ByMaintenance: {value: func(_ *Ledger, a *account, _ uint32, _ *instant) float64 { return float64(a.upkeep()) }},
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

// value returns the value of an account in a column, 0 for names and hashes, which are compared directly.
func (l *Ledger) value(c Column, a *account, place uint32, v *instant) float64 {
	if int(c) < len(columns) && columns[c].value != nil {
		return columns[c].value(l, a, place, v)
	}
	return 0
}

func (l *Ledger) sourcesOf(a *account, place uint32, _ *instant) float64 {
	none := 0
	return float64(max(l.sets.size(a.sources, a.sizes.sources(), &none), int(l.swarms[place].leastSources)))
}

func (l *Ledger) peersOf(a *account, place uint32, _ *instant) float64 {
	none := 0
	return float64(max(l.sets.size(a.peers, a.sizes.peers(), &none), int(l.swarms[place].leastPeers)))
}

func (l *Ledger) rateOf(a *account, _ uint32, v *instant) float64 {
	var one rates
	if p := l.rates.of(a, &one); p != nil {
		_, rate := p.lastMinutes(v)
		return rate
	}
	return 0
}

func (l *Ledger) minutesOf(a *account, _ uint32, v *instant) float64 {
	var one rates
	if p := l.rates.of(a, &one); p != nil {
		minutes, _ := p.lastMinutes(v)
		return float64(minutes)
	}
	return 0
}

func (l *Ledger) hourOf(a *account, _ uint32, v *instant) float64 {
	var one rates
	if p := l.rates.of(a, &one); p != nil {
		return float64(p.lastHour(v))
	}
	return 0
}
