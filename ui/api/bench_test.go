package api

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// rankedHashes is a ranking of n hashes.
func rankedHashes(n int) []dhtcore.HashRow {
	now := time.Unix(1_800_000_000, 0)
	rows := make([]dhtcore.HashRow, n)
	for i := range rows {
		rows[i] = dhtcore.HashRow{Rank: i + 1, InfoHash: [20]byte{byte(i), byte(i >> 8)}, Name: fmt.Sprintf("Some torrent, number %d", i),
			Requests: uint64(100_000 / (i + 1)), RawRequests: uint64(120_000 / (i + 1)), Sources: 50_000 / (i + 1), Peers: 200 / (i + 1),
			FirstSeen: now, LastSeen: now.Add(time.Hour), Rate: 12.5 / float64(i+1), Minutes: 60, Hour: 700, Seeds: i, PeersEstimate: i}
	}
	return rows
}

// BenchmarkTop500 is a read of the top 500 over loopback, on one connection.
func BenchmarkTop500(b *testing.B) {
	rows := rankedHashes(500)
	table := []route{{method: "GET", path: "/api/v1/hashes", params: hashesParams(), answer: func(*call) (int, any) {
		page := report.NewHashPage(time.Now(), "requests", "desc", 1_000_000, rows, "")
		return found(&page)
	}}}
	s := httptest.NewServer(guard{[]string{"localhost"}, newSecret(""), false, handlerOf(table, &Server{token: newSecret("")}, nil)})
	defer s.Close()
	for _, encoding := range []string{"identity", "gzip"} {
		b.Run(encoding, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+"/api/v1/hashes?limit=500", http.NoBody)
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("Accept-Encoding", encoding)
				response, err := s.Client().Do(r)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != http.StatusOK {
					b.Fatal(response.Status, err)
				}
				b.SetBytes(n)
			}
		})
	}
}
