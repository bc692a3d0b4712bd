package report

import (
	"math"
	"math/bits"
	"time"

	"dhtop/dhtcore"
)

// Ranked is a row of a ranking with all that it can be sorted by.
type Ranked struct {
	Hash
	Rate       float64 `json:"rate"`         // requests a minute, now
	Minutes    uint64  `json:"last_minutes"` // requests of the last five minutes
	Hour       uint64  `json:"last_hour"`    // requests of the last hour
	Seeds      *int    `json:"seeds"`        // as the last lookup estimated (BEP 33); null while unknown, as are the leechers
	Leechers   *int    `json:"leechers"`
	Vantages   int     `json:"vantages"`         // identities of ours that saw it
	Alike      int     `json:"alike"`            // hashes that look like it
	OnlyUpkeep bool    `json:"only_maintenance"` // nothing was seen of it but the maintenance of routing tables
}

// NewRanked returns the JSON form of a row with all that it can be sorted by.
func NewRanked(r *dhtcore.HashRow) Ranked {
	out := Ranked{Hash: NewHash(r), Rate: math.Round(r.Rate*time.Minute.Seconds()*1000) / 1000, Minutes: r.Minutes, Hour: r.Hour,
		Vantages: bits.OnesCount16(r.Vantages), Alike: r.Related, OnlyUpkeep: r.OnlyMaintenance()}
	if r.Seeds > 0 || r.PeersEstimate > 0 {
		seeds, leechers := r.Seeds, r.PeersEstimate
		out.Seeds, out.Leechers = &seeds, &leechers
	}
	return out
}

// HashPage is a part of a ranking: the document of /api/v1/hashes.
type HashPage struct {
	At         timestamp `json:"at"`
	Sort       string    `json:"sort"`
	Order      string    `json:"order"`
	Total      int       `json:"total"` // distinct hashes that were seen, whatever the filter
	Hashes     []Ranked  `json:"hashes"`
	NextCursor *string   `json:"next_cursor"` // to ask for what follows; null where nothing does
}

// NewHashPage returns a page of a ranking with its rows; next is the cursor of what follows, "" for nothing.
func NewHashPage(at time.Time, sort, order string, total int, rows []dhtcore.HashRow, next string) HashPage {
	p := HashPage{timestamp(at), sort, order, total, make([]Ranked, len(rows)), nullable(next)}
	for i := range rows {
		p.Hashes[i] = NewRanked(&rows[i])
	}
	return p
}
