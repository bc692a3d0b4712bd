package dhtcore

import (
	"slices"
	"testing"
)

func TestTheRankingComesInTheBackgroundAndEndsWithTheZeroOrder(t *testing.T) {
	e := start(t, demoConfig())
	o := Order{Column: BySources, Ascending: true}
	e.RankBy(o)
	s := eventually(t, e, "ranking", func(s *Snapshot) bool { return s.Ranking.Order == o && len(s.Ranking.Rows) > 1 })
	if !slices.IsSortedFunc(s.Ranking.Rows, func(a, b HashRow) int { return a.Sources - b.Sources }) {
		t.Error("not sorted")
	}
	first := s.Ranking.At
	eventually(t, e, "ranking anew", func(s *Snapshot) bool { return s.Ranking.At.After(first) })
	e.RankBy(Order{})
	eventually(t, e, "no ranking", func(s *Snapshot) bool { return s.Ranking.Rows == nil && s.Ranking.Order == Order{} })
}
