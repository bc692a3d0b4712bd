package api

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"dhtop/dhtcore"
)

// position is where a row stands in an order: its value there, and what decides among equals (ledger.TopBy). A cursor
// names a position and not a rank: the rows before it may be others, or more, when the next page is asked for. So no row
// is on two pages in an order by what only grows; one that rises past the position meanwhile is on none of the later.
type position struct {
	Value     float64    `json:"v"`
	Name      string     `json:"n,omitempty"`
	Requests  uint64     `json:"r"`
	Announces uint64     `json:"a"`
	Tracked   uint64     `json:"k"`
	Samples   uint64     `json:"s"`
	First     int64      `json:"f"` // Unix milliseconds
	InfoHash  dhtcore.ID `json:"h"`
}

// cursor is a position in its order, as text.
type cursor struct {
	Sort      string `json:"o"`
	Ascending bool   `json:"u,omitempty"`
	At        int64  `json:"t"` // of the ranking, in Unix milliseconds: the next page is of none before
	position
}

// positionOf returns where a row stands in an order.
func positionOf(r *dhtcore.HashRow, o dhtcore.Order) position {
	p := position{Requests: r.Requests, Announces: r.Announces, Tracked: r.Tracked, Samples: r.Samples, First: r.FirstSeen.UnixMilli(), InfoHash: r.InfoHash}
	switch o.Column {
	case dhtcore.ByRequests:
		p.Value = float64(o.Window.In(r))
	case dhtcore.ByName:
		p.Name = r.Name
	case dhtcore.ByFirstSeen:
		p.Value = float64(p.First)
	case dhtcore.ByLastSeen:
		p.Value = float64(r.LastSeen.UnixMilli())
	default:
		p.Value = o.Column.Of(r)
	}
	return p
}

// compare is negative where p comes before q.
func (p *position) compare(q *position, o dhtcore.Order) int {
	order := cmp.Compare(p.Value, q.Value)
	switch o.Column {
	case dhtcore.ByName:
		if (p.Name == "") != (q.Name == "") {
			return cmp.Compare(len(q.Name), len(p.Name)) // those without a name are last in both directions
		}
		order = cmp.Compare(p.Name, q.Name)
	case dhtcore.ByInfoHash:
		order = bytes.Compare(p.InfoHash[:], q.InfoHash[:])
	}
	if !o.Ascending {
		order = -order
	}
	return cmp.Or(order, cmp.Compare(q.Requests, p.Requests), cmp.Compare(q.Announces, p.Announces), cmp.Compare(q.Tracked, p.Tracked),
		cmp.Compare(q.Samples, p.Samples), cmp.Compare(p.First, q.First), bytes.Compare(p.InfoHash[:], q.InfoHash[:]))
}

// cursor returns the position as text.
func (p *position) cursor(sort string, o dhtcore.Order, at time.Time) string {
	b, err := json.Marshal(cursor{sort, o.Ascending, at.UnixMilli(), *p})
	if err != nil {
		return "" // a rate is never infinite
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// parseCursor reads what cursor returns for an order.
func parseCursor(s, sort string, o dhtcore.Order) (cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	var c cursor
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	switch {
	case err != nil:
		return cursor{}, errors.New("this is not a cursor of this server: pass next_cursor of the previous page unchanged")
	case c.Sort != sort || c.Ascending != o.Ascending:
		return cursor{}, errors.New("it belongs to another order: pass the sort and order of the page before, or no cursor")
	}
	return c, nil
}
