package dhtcore

import (
	"slices"
	"testing"
)

func TestTheRankingComesInTheBackgroundAndEndsWithTheZeroOrder(t *testing.T) {
	e := start(t, demoConfig())
	v := e.NewViewer()
	defer v.Close()
	o := Order{Column: BySources, Ascending: true}
	v.RankBy(o)
	// A count may rise between sorting and reading the rows, so not every ranking of a busy network is sorted.
	s := eventually(t, v, "a sorted ranking", func(s *Snapshot) bool {
		rows := s.Ranking.Rows
		return s.Ranking.Order == o && len(rows) > 1 &&
			slices.IsSortedFunc(rows, func(a, b HashRow) int { return a.Sources - b.Sources })
	})
	first := s.Ranking.At
	eventually(t, v, "ranking anew", func(s *Snapshot) bool { return s.Ranking.At.After(first) })
	if r := e.Snapshot().Ranking; r.Rows != nil || r.Order != (Order{}) {
		t.Error("what all share has the ranking of one Viewer")
	}
	v.RankBy(Order{})
	if r := v.Snapshot().Ranking; r.Rows != nil || r.Order != (Order{}) {
		t.Error("the ranking stays")
	}
}
