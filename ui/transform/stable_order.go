package transform

import (
	"slices"
	"time"

	"dhtop/dhtcore"
)

// ReorderEvery is how long a ranking keeps its order while its numbers move, so that a reader finds a row where
// it was a moment ago, and no row stands in a wrong place for longer.
const ReorderEvery = time.Second

// stableOrder is the order in which a ranking is shown.
type stableOrder struct {
	order []dhtcore.ID
	since time.Time // when it was taken from the ranking

	index map[dhtcore.ID]int // of the rows by hash; kept between calls only for its memory
}

// keep puts rows into the order in which they were shown last, new ones at the end, until it is time for a
// new order, which never comes while still is true.
func (o *stableOrder) keep(rows *[]dhtcore.HashRow, now time.Time, still bool) (changed bool) {
	if !still && now.Sub(o.since) >= ReorderEvery || len(o.order) == 0 {
		o.since, o.order = now, o.order[:0]
		for i := range *rows {
			o.order = append(o.order, (*rows)[i].InfoHash)
		}
		return false
	}
	if slices.EqualFunc(*rows, o.order, func(h dhtcore.HashRow, id dhtcore.ID) bool { return h.InfoHash == id }) {
		return false
	}
	if o.index == nil {
		o.index = make(map[dhtcore.ID]int, len(*rows))
	}
	index := o.index
	clear(index)
	for i := range *rows {
		index[(*rows)[i].InfoHash] = i
	}
	shown := make([]dhtcore.HashRow, 0, len(*rows))
	add := func(i int) {
		shown = append(shown, (*rows)[i])
		shown[len(shown)-1].Rank = len(shown)
	}
	for _, id := range o.order {
		if i, is := index[id]; is {
			add(i)
			delete(index, id)
		}
	}
	for i := range *rows {
		if _, isNew := index[(*rows)[i].InfoHash]; isNew {
			add(i)
			o.order = append(o.order, (*rows)[i].InfoHash)
		}
	}
	*rows = shown
	return true
}
