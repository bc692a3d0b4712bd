package store

import (
	"testing"
	"time"
)

// TestTheTopOfAYoungDatabaseIsThatOfAll has a few hashes that are asked for and many that were only found.
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
