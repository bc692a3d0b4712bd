package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// uneven is a scene in which every order of the ranking is another.
func uneven() *dhtcore.Snapshot {
	s := scene("aa", "bb", "cc", "dd")
	for i, h := range []struct {
		sources, related int
		hour, minutes    uint64
	}{{5, 0, 0, 0}, {9, 1, 40, 0}, {2, 0, 60, 7}, {7, 1, 20, 9}} {
		row := &s.Hashes.Top[i]
		row.Sources, row.Related, row.Hour, row.Minutes = h.sources, h.related, h.hour, h.minutes
	}
	return s
}

// ranks fails unless the hashes are listed in this order.
func (s *stage) ranks(hashes ...string) {
	s.Helper()
	var listed []string
	for _, h := range s.m.state.Ranked(s.m.snap) {
		listed = append(listed, text.Prefix(h.InfoHash, 2)[:2])
	}
	if !slices.Equal(listed, hashes) {
		s.Fatalf("listed are %v, want %v:\n%s", listed, hashes, s.screen())
	}
}

func TestSortingSortsWhatIsShownAndAsksTheCoreForAllHashes(t *testing.T) {
	play(t, func(s *stage) {
		s.show(uneven())
		s.keys("2", ">", ">", ">")
		s.sees("sorted by sources", "src▾", "by sources ▾ ── top 4 of 4 seen")
		s.ranks("bb", "dd", "aa", "cc")
		s.keys("r")
		s.sees("src▴")
		s.ranks("cc", "aa", "dd", "bb")
		want := dhtcore.Order{Column: dhtcore.BySources, Ascending: true}
		if got := s.ranked[len(s.ranked)-1]; got != want {
			t.Fatalf("the core was asked for %+v", got)
		}
		all := uneven()
		all.Ranking = dhtcore.Ranking{Order: want, Rows: scene("ee", "cc").Hashes.Top}
		s.show(all)
		s.ranks("ee", "cc")
		s.seesNot("top 4 of")
		s.keys("r", "<", "<", "<")
		s.ranks("aa", "bb", "cc", "dd")
		if got := s.ranked[len(s.ranked)-1]; got != (dhtcore.Order{}) {
			t.Errorf("the core still ranks by %+v", got)
		}
	})
}

func TestWindowsCountTheRequestsOfATime(t *testing.T) {
	play(t, func(s *stage) {
		s.show(uneven())
		s.keys("2", "j", "w")
		s.sees("requests of the last hour", "req 1h▾", "▌   2  bbbbbbbb…")
		s.ranks("cc", "bb", "dd")
		s.keys("w")
		s.sees("req 5m▾")
		s.ranks("dd", "cc")
		s.keys("w")
		s.sees("requests of all time", "req▾")
		s.keys("3", "w")
		s.sees("only hashes are ranked: 2 shows them")
	})
}

func TestLookAlikesAreListedAloneAndNeverMerged(t *testing.T) {
	play(t, func(s *stage) {
		s.show(uneven())
		s.keys("2", "R")
		s.sees("only hashes that share their first 10 and last 5 digits with another", "bbbbbbbb…≡")
		s.ranks("bb", "dd")
		s.keys("enter")
		s.sees("1 other hash begins and ends like this one", "Two hashes are two torrents")
		s.keys("esc", "R")
		s.ranks("aa", "bb", "cc", "dd")
	})
}

func TestTheCoreWatchesTheHashThatIsLookedAt(t *testing.T) {
	play(t, func(s *stage) {
		s.show(uneven())
		if !s.seen.Zero() {
			t.Error("a hash is watched from the overview")
		}
		s.keys("2", "j")
		if s.seen != hash("bb") {
			t.Errorf("watches %v", s.seen)
		}
		next := uneven()
		next.Detail = &dhtcore.Detail{InfoHash: hash("bb"), Row: next.Hashes.Top[1], Since: time.Now().Add(-time.Minute), Sightings: 1}
		next.Detail.Row.FirstSeen = time.Now()
		s.show(next)
		s.keys("enter")
		s.sees("hash "+strings.Repeat("bb", 20), "1 sighting of the last 1 m")
		s.keys("k")
		s.sees("hash " + strings.Repeat("aa", 20))
		s.seesNot("sighting")
		if s.seen != hash("aa") {
			t.Errorf("watches %v", s.seen)
		}
		s.keys("4")
		if !s.seen.Zero() {
			t.Errorf("still watches %v", s.seen)
		}
	})
}

func TestEnterOpensTheDetailFromTheOverviewAndEscLeadsBack(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("j", "enter")
		s.sees("hash " + strings.Repeat("bb", 20))
		s.keys("esc")
		s.sees("▌   2  name of bb", "┌ lookups")
	})
}

func TestADetailAnnouncesToTheNodesOfItsNewestLookup(t *testing.T) {
	play(t, func(s *stage) {
		s.show(doneLookup(scene("aa", "bb"), "bb"))
		s.keys("2", "a")
		s.sees("announcing needs a lookup first: l starts one, 4 shows it")
		s.keys("j", "enter", "a")
		s.typed("51413")
		s.keys("enter")
		if !slices.Equal(s.told, []announced{{hash("bb"), 51413}}) {
			t.Errorf("announced %v", s.told)
		}
	})
}
