package ui

import (
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/ui/transform"
)

func TestCtrlRCountsFromNowAndThenAllAgain(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("ctrl+r")
		s.sees("counters are reset", "counts reset just now", "── 0 seen", "name of aa                                  0")
		time.Sleep(12 * time.Second)
		next := scene("aa", "bb", "cc", "dd")
		next.At = time.Now()
		next.Hashes.Top[1].Requests += 7          // bb
		next.Hashes.Top[3].FirstSeen = time.Now() // dd is new
		next.Hashes.Top[3].Requests = 5
		s.show(next)
		s.sees("counts reset 12 s ago", "── 1 seen", "1▲ name of bb                                  7", "name of dd                                  5")
		s.keys("ctrl+r")
		s.sees("showing all counts again", "── 4 seen", "name of aa                                100")
		s.seesNot("counts reset")
	})
}

func TestTheDetailOfAHashCountsFromTheSameMomentAsItsRow(t *testing.T) {
	play(t, func(s *stage) {
		detailed := func(more uint64) *dhtcore.Snapshot {
			next := scene("aa", "bb")
			next.At = time.Now()
			h := &next.Hashes.Top[0]
			h.FirstSeen, h.LastSeen = time.Now().Add(-time.Hour), time.Now()
			h.Requests, h.RawRequests, h.Announces, h.Samples = 100+more, 150+2*more, 40+more, 30
			alike := dhtcore.HashRow{InfoHash: hash("ab"), Requests: 60 + more, FirstSeen: h.FirstSeen}
			h.Related, h.Hour = 1, 70
			next.Detail = &dhtcore.Detail{InfoHash: h.InfoHash, Row: *h, Related: []dhtcore.HashRow{alike}}
			return next
		}
		s.send(tea.WindowSizeMsg{Width: 200, Height: 60})
		s.keys("2", "enter")
		s.show(detailed(0))
		s.sees("100 requests", "150 requests,", "40 announces", "30 samples", "60 requests")
		s.keys("ctrl+r")
		s.sees("0 requests by", "0 requests, none repeated", "0 announces, 0 samples", "… 0 requests", "70 in the last hour")
		s.show(detailed(3))
		s.sees("3 requests by", "6 requests,", "3 of them repeated", "3 announces, 0 samples", "… 3 requests")
		if s.snap.Detail.Row.Requests != 103 {
			t.Error("the Snapshot was changed")
		}
		s.keys("ctrl+r")
		s.sees("103 requests by", "43 announces")
	})
}

func TestARankingBySomethingCountedIsSortedByTheCountsSince(t *testing.T) {
	play(t, func(s *stage) {
		announced := func(aa, bb uint64) *dhtcore.Snapshot {
			next := scene("aa", "bb")
			next.At = time.Now()
			next.Ranking = dhtcore.Ranking{Order: s.m.state.HashOrder()}
			for i, n := range []uint64{aa, bb} {
				next.Hashes.Top[i].Announces = n
			}
			next.Ranking.Rows = next.Ranking.Order.Apply(next.Hashes.Top)
			return next
		}
		s.keys("2")
		for s.m.state.HashOrder().Column != dhtcore.ByAnnounces {
			s.keys(">")
		}
		s.show(announced(50, 10))
		s.sees("▌   1  aaaa", "    2  bbbb")
		s.keys("ctrl+r")
		time.Sleep(transform.ReorderEvery)
		s.show(announced(51, 17))
		s.sees("▌   1  bbbb", "    2  aaaa")
	})
}

func TestTheDoctorJudgesByAllThatThereWas(t *testing.T) {
	play(t, func(s *stage) {
		asked := scene("aa")
		asked.Started, asked.Hashes.Requests, asked.Traffic.KernelDrops, asked.Traffic.PacketsIn = time.Now().Add(-time.Hour), 1234, 9, 9000
		s.show(asked)
		s.keys("ctrl+r", "D")
		s.sees("1,234 for 1 known hash", "9 of 9,000 packets lost")
		s.keys("esc")
		s.seesNot("9 lost")
	})
}
