package ui

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// crawling is a Snapshot of a crawl that runs, within limits.
func crawling() *dhtcore.Snapshot {
	s := scene("aa")
	s.Crawl = dhtcore.CrawlStats{Running: true, Packets: 100, Sweep: 1, Swept: 0.25}
	for i := range s.Crawl.Cells {
		s.Crawl.Cells[i].Nodes = i
	}
	s.Traffic.Limits = dhtcore.Limits{Packets: 150, New: 1000}
	return s
}

func TestTheCrawlPaneTeachesUntilACrawlRuns(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("6")
		s.sees("The crawl is off: c starts it.")
		s.keys("enter")
		s.sees("the crawl is off: c starts it")
		s.keys("c")
		s.sees("crawl started")
		s.show(crawling())
		s.sees("sweeping · 25 % seen")
		if !slices.Equal(s.crawling, []bool{true}) {
			t.Errorf("crawl was set to %v", s.crawling)
		}
		s.keys("1", "c")
		s.sees("crawl stopped: 6 shows it")
	})
}

func TestArrowsMoveInTheKeyspaceByCellsAndRows(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("right")
		s.sees("only the keyspace of the crawl has columns: 6 shows it")
		s.show(crawling())
		s.keys("6")
		s.sees("00  0 nodes")
		for _, c := range []struct{ key, cell string }{{"right", "01"}, {"j", "41"}, {"left", "40"}, {"k", "00"}, {"left", "00"},
			{"ctrl+d", "80"}, {"G", "ff"}, {"ctrl+u", "7f"}, {"g", "00"}} {
			s.keys(c.key)
			s.sees("\n " + c.cell + "  ")
		}
	})
}

func TestEnterOpensACellAndEscLeadsBack(t *testing.T) {
	play(t, func(s *stage) {
		s.show(crawling())
		s.keys("6")
		s.sees("00  0 nodes")
		s.keys("j", "right", "enter")
		s.sees("crawl of 41", "4100  0 nodes")
		s.keys("j", "right", "right")
		s.sees("4142  1 node ")
		s.show(crawling()) // the parts are those of the new picture
		s.sees("4142  2 nodes")
		if !slices.Equal(s.zoomed, []byte{0x41, 0x41}) {
			t.Errorf("asked for the parts of %x", s.zoomed)
		}
		s.keys("enter")
		s.sees("nothing more to open: esc goes back")
		s.keys("esc")
		s.sees("41  65 nodes")
		s.seesNot("crawl of")
		s.keys("enter", "2", "6") // a pane's number shows it from the start
		s.seesNot("crawl of")
	})
}

func TestPlusAndMinusTurnTheGovernorInTheCrawlPane(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("6", "+")
		s.sees("no limits are set: --rate and --rate-new set them")
		s.show(crawling())
		s.limits = dhtcore.Limits{Packets: 187.5, New: 1250}
		s.keys("+")
		s.sees("at most 188 packets/s, 1,250 new destinations a minute")
		s.limits = dhtcore.Limits{Packets: 150}
		s.keys("-")
		s.sees("at most 150 packets/s ")
		s.limits = s.snap.Traffic.Limits
		s.keys("-")
		s.sees("the keys go no further: 150 packets/s, 1,000 new destinations a minute")
		if !slices.Equal(s.scaled, []float64{1.25, 1.25, 0.8, 0.8}) {
			t.Errorf("scaled by %v", s.scaled)
		}
	})
}

func TestPlusAndMinusTurnTheRefreshRateElsewhere(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("-")
		s.sees("refreshing every 0.20 s (idle: 0.50 s)")
		if d := s.m.timer.interval(time.Now()); d != 2*activeInterval {
			t.Errorf("the interval is %s", d)
		}
		s.keys("+", "+", "+")
		s.sees("refreshing every 50 ms (idle: 0.12 s)")
		s.keys("-", "-", "-", "-", "-", "-", "-", "-")
		s.sees("refreshing every 1.60 s (idle: 4.00 s)")
		if len(s.scaled) > 0 {
			t.Error("the governor was turned outside the crawl pane")
		}
	})
}
