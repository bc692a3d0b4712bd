package dhtcore

import (
	"slices"
	"testing"
)

func TestTheRankingComesInTheBackgroundAndEndsWithTheZeroOrder(t *testing.T) {
	e := start(t, demoConfig())
	o := Order{Column: BySources, Ascending: true}
	e.RankBy(o)
	// A count may rise between sorting and reading the rows, so not every ranking of a busy network is sorted.
	s := eventually(t, e, "a sorted ranking", func(s *Snapshot) bool {
		rows := s.Ranking.Rows
		return s.Ranking.Order == o && len(rows) > 1 &&
			slices.IsSortedFunc(rows, func(a, b HashRow) int { return a.Sources - b.Sources })
	})
	first := s.Ranking.At
	eventually(t, e, "ranking anew", func(s *Snapshot) bool { return s.Ranking.At.After(first) })
	e.RankBy(Order{})
	eventually(t, e, "no ranking", func(s *Snapshot) bool { return s.Ranking.Rows == nil && s.Ranking.Order == Order{} })
}
