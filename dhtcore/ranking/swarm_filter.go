package ranking

import (
	"encoding/hex"
	"time"

	"dhtop/dhtcore/filter"
)

// SwarmFilter selects swarms of our tracker. See package filter.
type SwarmFilter = filter.Filter[SwarmRow]

// TrackerColumns is what filters can ask of a swarm of our tracker.
var TrackerColumns = filter.Table[SwarmRow]{
	{Field: filter.Field{Name: "hash", Aliases: []string{"info_hash", "id"}, Help: "the info_hash, in any form"},
		Text: func(dst []byte, r *SwarmRow) []byte { return hex.AppendEncode(dst, r.InfoHash[:]) }},
	{Field: filter.Field{Name: "name", Help: "the torrent's name, where it is known"},
		Text: func(dst []byte, r *SwarmRow) []byte { return append(dst, r.Name...) }},
	swarmNumber("seeders", "peers that have everything", func(r *SwarmRow) int { return r.Seeders }, "seeds"),
	swarmNumber("leechers", "all other peers", func(r *SwarmRow) int { return r.Leechers }, "leech"),
	swarmNumber("peers", "both together", func(r *SwarmRow) int { return r.Seeders + r.Leechers }),
	swarmNumber("partial", "leechers that have all that they want", func(r *SwarmRow) int { return r.Partial }),
	swarmNumber("completed", "downloads that ended here", func(r *SwarmRow) int { return r.Completed }, "done"),
	{Field: filter.Field{Name: "rate", Aliases: []string{"min", "announces"}, Kind: filter.Number, Help: "announces a minute"},
		Number: func(r *SwarmRow) float64 { return r.Rate * time.Minute.Seconds() }},
}

func swarmNumber(name, help string, of func(*SwarmRow) int, aliases ...string) filter.Column[SwarmRow] {
	return filter.Column[SwarmRow]{Field: filter.Field{Name: name, Aliases: aliases, Kind: filter.Number, Help: help},
		Number: func(r *SwarmRow) float64 { return float64(of(r)) }}
}
