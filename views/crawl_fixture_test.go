package views

import (
	"math"
	"math/rand/v2"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// fixtureCrawl is a sweep that is some way through the keyspace, beside what the one before left there.
func fixtureCrawl(s *dhtcore.Snapshot) {
	r := rand.New(rand.NewPCG(5, 1))
	c := &s.Crawl
	*c = dhtcore.CrawlStats{Running: true, NodesWaiting: 401_220, Mute: 61_404, Silent: 301_118, Dead: 288_013,
		Packets: 803_412, Queries: 790_010, Replies: 488_892, Distrusted: 4_102, Mismatches: 77,
		Sweep: 2, SweepStarted: noon.Add(-140 * time.Minute), Swept: 0.41, ETA: 3*time.Hour + 10*time.Minute, Rate: 311}
	c.Cursor = dhtcore.ID{0x69, 0x80}
	for i := range c.Cells {
		c.Cells[i] = fixtureCell(r, 4200, i <= 0x69)
		c.NodesSpeaking += c.Cells[i].Speaking
		c.NodesAsked += c.Cells[i].Asked
		c.Hashes += uint64(c.Cells[i].Hashes)
	}
	c.New = c.Hashes * 38 / 100
	for i := range 120 {
		c.History = append(c.History, math.Round(180+130*math.Sin(float64(i)/13)+float64(r.IntN(40))))
	}
	s.Traffic.Used = dhtcore.Limits{Packets: 61, Bytes: 7100, New: 820}
	s.Traffic.Limits = dhtcore.Limits{Packets: 150, Bytes: 32 << 10, New: 1000}
	s.NetworkSize = dhtcore.Size{Nodes: 9.4e6, Low: 8.1e6, High: 10.9e6, Lookups: 64}
	c.Recapture = dhtcore.Size{Nodes: 9.21e6, Low: 8.97e6, High: 9.46e6, Lookups: 2210}
}

// fixtureCell is a part of the keyspace with about n nodes; one that this sweep has not come by holds little.
func fixtureCell(r *rand.Rand, n int, swept bool) (c dhtcore.CrawlCell) {
	c.Nodes = n + r.IntN(n/4+1)
	if !swept {
		c.Nodes /= 1 + r.IntN(6)
	}
	c.Asked = c.Nodes * 48 / 50
	c.Speaking = c.Asked * (30 + r.IntN(20)) / 100
	c.Hashes = c.Speaking * (4 + r.IntN(9))
	return c
}

// fixtureParts are the parts of the cell that the cursor is in.
func fixtureParts() *screen.CrawlCells {
	r, parts := rand.New(rand.NewPCG(5, 2)), new(screen.CrawlCells)
	for i := range parts {
		parts[i] = fixtureCell(r, 17, i <= 0x80)
	}
	return parts
}
