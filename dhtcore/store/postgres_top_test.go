package store

import (
	"testing"
	"time"
)

// TestTheTopOfAYoungDatabaseIsThatOfAll has a few requested hashes and many that were only found.
func TestTheTopOfAYoungDatabaseIsThatOfAll(t *testing.T) {
	server := postgres(t)
	database := server.database(t)
	pg := crawler(t, database)
	server.execute(t, database, `INSERT INTO vantages SELECT decode(lpad(v::text, 16, '0'), 'hex') FROM generate_series(1, 4) v;
		INSERT INTO hashes SELECT decode(md5(i::text) || substr(md5((i + 1)::text), 1, 8), 'hex'), decode(lpad(v::text, 16, '0'), 'hex'),
			'', CASE WHEN i <= 50 THEN 1000 - i ELSE 0 END, 0, 0, 1 + i % 3, 0, 0, 0, 0, 1, 2, NULL
		FROM generate_series(1, 20000) i, generate_series(1, 4) v; ANALYZE`)
	whole, err := Top(t.Context(), pg, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{10, 50, 51, 1000} {
		start := time.Now()
		top, err := Top(t.Context(), pg, limit)
		if err != nil || len(top) != limit {
			t.Fatalf("Top(%d): %d rows, %v", limit, len(top), err)
		}
		t.Logf("Top(%d) took %v", limit, time.Since(start))
		for i := range top {
			if top[i].InfoHash != whole[i].InfoHash || top[i].Samples != whole[i].Samples {
				t.Fatalf("Top(%d): rank %d is %+v\nof the whole ranking %+v", limit, i+1, top[i], whole[i])
			}
		}
	}
}

func TestTheFirstRanksOfPostgreSQLAreExact(t *testing.T) {
	url := postgres(t).database(t)
	var all []*Postgres
	for w := range 3 {
		pg := crawler(t, url)
		rows := many(0, 3000)
		for i := range rows { // no crawler's ranking is like another's
			rows[i].Requests = uint64((i*7919+w*104729)%1000) * uint64(1+(i+w)%3)
			rows[i].Announces = uint64(i * (w + 1) % 13)
		}
		save(t, pg, rows...)
		all = append(all, pg)
	}
	whole, err := Top(t.Context(), all[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{1, 7, 100, 2999, 3000, 4000} {
		top, err := Top(t.Context(), all[1], limit)
		if err != nil || len(top) != min(limit, len(whole)) {
			t.Fatalf("Top(%d): %d rows, %v", limit, len(top), err)
		}
		for i := range top {
			if top[i].InfoHash != whole[i].InfoHash || top[i].Requests != whole[i].Requests || top[i].Rank != i+1 {
				t.Fatalf("Top(%d): rank %d is %+v\nof the whole ranking %+v", limit, i+1, top[i], whole[i])
			}
		}
	}
}
