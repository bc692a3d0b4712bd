package ranking

import (
	"encoding/hex"
	"math/bits"
	"time"

	"dhtop/dhtcore/filter"
	"dhtop/dhtcore/ledger"
)

// RankedHash is a row of a ranking, as a filter sees it.
type RankedHash struct {
	*ledger.HashRow
	At     time.Time // of the ranking, for ages
	Window Window    // that its requests are counted in
}

// HashFilter selects hashes. See package filter.
type HashFilter = filter.Filter[RankedHash]

// ParseHashFilter parses a filter of hashes; nil for one that says nothing.
func ParseHashFilter(s string) (*HashFilter, error) { return HashColumns.Parse(s) }

// HashColumns is what filters can ask of a hash: on the screen, of "dhtop export" and "dhtop crawl". The columns of
// an export are among the names.
var HashColumns = filter.Table[RankedHash]{
	{Field: filter.Field{Name: "hash", Aliases: []string{"info_hash", "id"}, Help: "the info_hash, in any form"},
		Text: func(dst []byte, r *RankedHash) []byte { return hex.AppendEncode(dst, r.InfoHash[:]) }},
	{Field: filter.Field{Name: "name", Help: "the torrent's name, where it is known"},
		Text: func(dst []byte, r *RankedHash) []byte { return append(dst, r.Name...) }},
	hashNumber("rank", "place in the ranking", func(r *RankedHash) int { return r.Rank }),
	hashCount("req", "requests, in the window that is shown", func(r *RankedHash) uint64 { return r.Window.In(r.HashRow) }, "requests"),
	hashCount("raw", "requests with repeats", func(r *RankedHash) uint64 { return r.RawRequests }, "raw_requests"),
	{Field: filter.Field{Name: "rate", Aliases: []string{"min"}, Kind: filter.Number, Help: "requests a minute now"},
		Number: func(r *RankedHash) float64 { return r.Rate * time.Minute.Seconds() }},
	hashNumber("src", "distinct sources", func(r *RankedHash) int { return r.Sources }, "sources"),
	hashCount("ann", "announces", func(r *RankedHash) uint64 { return r.Announces }, "announces"),
	hashCount("smp", "samples that held it (BEP 51)", func(r *RankedHash) uint64 { return r.Samples }, "samples"),
	hashCount("trk", "announces that our own tracker took in", func(r *RankedHash) uint64 { return r.Tracked }, "tracked"),
	hashNumber("peers", "distinct peers", func(r *RankedHash) int { return r.Peers }),
	{Field: filter.Field{Name: "seeds", Kind: filter.Number, Help: "as the last lookup estimated (BEP 33)"},
		Number: func(r *RankedHash) float64 { return r.estimate(r.Seeds) }},
	{Field: filter.Field{Name: "leech", Aliases: []string{"leechers", "peers_estimate"}, Kind: filter.Number, Help: "the same, of downloaders"},
		Number: func(r *RankedHash) float64 { return r.estimate(r.PeersEstimate) }},
	hashNumber("vant", "identities of ours that saw it", func(r *RankedHash) int { return bits.OnesCount16(r.Vantages) }, "vantages"),
	hashNumber("alike", "hashes that look like it", func(r *RankedHash) int { return r.Related }, "related"),
	{Field: filter.Field{Name: "first", Aliases: []string{"first_seen"}, Kind: filter.Age, Help: "how long ago it was first seen"},
		Number: func(r *RankedHash) float64 { return filter.Since(r.At, r.FirstSeen) }},
	{Field: filter.Field{Name: "seen", Aliases: []string{"last_seen", "last"}, Kind: filter.Age, Help: "how long ago it was last seen"},
		Number: func(r *RankedHash) float64 { return filter.Since(r.At, r.LastSeen) }},
}

// hashCount is a column with a count that never is negative.
func hashCount(name, help string, of func(*RankedHash) uint64, aliases ...string) filter.Column[RankedHash] {
	return filter.Column[RankedHash]{Field: filter.Field{Name: name, Aliases: aliases, Kind: filter.Number, Help: help},
		Number: func(r *RankedHash) float64 { return float64(of(r)) }}
}

func hashNumber(name, help string, of func(*RankedHash) int, aliases ...string) filter.Column[RankedHash] {
	return hashCount(name, help, func(r *RankedHash) uint64 { return uint64(max(of(r), 0)) }, aliases...)
}

// estimate is one of the two BEP 33 estimates, which are known together.
func (r *RankedHash) estimate(n int) float64 {
	return filter.Known(float64(n), r.Seeds > 0 || r.PeersEstimate > 0)
}
