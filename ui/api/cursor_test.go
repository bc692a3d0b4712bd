package api

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestACursorGoesOnThoughTheRankingHasChanged(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	row := func(n byte, requests uint64, name string) dhtcore.HashRow {
		return dhtcore.HashRow{InfoHash: [20]byte{n}, Requests: requests, Name: name, Sources: int(n % 3), FirstSeen: now, LastSeen: now.Add(time.Duration(n) * time.Second)}
	}
	rows := []dhtcore.HashRow{row(1, 9, "b"), row(2, 9, ""), row(3, 7, "a"), row(4, 7, ""), row(5, 7, "c"), row(6, 1, "b")}
	rows[2].Tracked, rows[3].Samples = 2, 5 // announces to our tracker come before samples
	for _, sort := range sorts {
		for _, ascending := range []bool{false, true} {
			order := sort.order
			order.Ascending = ascending
			sorted := order.Apply(rows)
			at := func(i int) position { return positionOf(&sorted[i], order) }
			if len(sorted) < len(rows) {
				continue // rows without a request in the window are in no ranking of it
			}
			for i := range sorted {
				p := at(i)
				back, err := parseCursor(p.cursor(sort.name, order, now), sort.name, order)
				if err != nil || back.position != p || back.At != now.UnixMilli() {
					t.Fatalf("%s: %+v came back as %+v, %v", sort.name, p, back, err)
				}
				for j := range sorted {
					if q := at(j); (q.compare(&back.position, order) < 0) != (j < i) || (q.compare(&back.position, order) == 0) != (j == i) {
						t.Errorf("%s ascending %v: row %d is not where it is before row %d", sort.name, ascending, j, i)
					}
				}
			}
		}
	}

	// The page ended with row 3; then row 1 was forgotten, and rows 3 and 6 rose.
	order := dhtcore.Order{}
	ended := positionOf(&rows[2], order)
	rows[2].Requests, rows[5].Requests = 12, 5
	var next []byte
	for _, r := range order.Apply(rows[1:]) {
		if p := positionOf(&r, order); p.compare(&ended, order) > 0 {
			next = append(next, r.InfoHash[0])
		}
	}
	if !slices.Equal(next, []byte{4, 5, 6}) {
		t.Errorf("the next page is %v; want all that was not on the first", next)
	}
}
