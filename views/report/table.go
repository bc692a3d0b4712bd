package report

import "dhtop/dhtcore"

// Table is the routing table of one identity of ours, an element of /api/v1/table.
type Table struct {
	Vantage
	SeenAs  []SeenAs `json:"seen_as"` // what those who replied say of our address, most votes first
	Buckets []Bucket `json:"buckets"` // far to near
}

// SeenAs is an address under which others see us, and how many do.
type SeenAs struct {
	Addr  string `json:"addr"`
	Votes int    `json:"votes"`
}

// Bucket holds the nodes that share so many bits with our ID; the last one holds all that share more.
type Bucket struct {
	Bucket       int `json:"bucket"`
	Good         int `json:"good"`
	Questionable int `json:"questionable"`
	Bad          int `json:"bad"`
	Replacements int `json:"replacements"` // nodes that wait for a place
}

// NewTable returns the JSON form of the routing table of an identity, without its nodes.
func NewTable(v *dhtcore.Vantage, o Options) Table {
	out := Table{newVantage(v, o), make([]SeenAs, len(v.Tallies)), make([]Bucket, len(v.Buckets))}
	for i, t := range v.Tallies {
		out.SeenAs[i] = SeenAs{o.addr(t.Addr), t.Votes}
	}
	for i, b := range v.Buckets {
		out.Buckets[i] = Bucket{b.Index, b.Good, b.Questionable, b.Bad, b.Replacements}
	}
	return out
}
