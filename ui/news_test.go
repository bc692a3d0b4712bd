package ui

import (
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestTheNewsOpenWhatTheySpeakOf(t *testing.T) {
	play(t, func(s *stage) {
		s.keys("N")
		s.sees("no news in ")
		next := scene("aa", "bb", "cc")
		next.At = time.Now()
		next.News = dhtcore.News{Items: []dhtcore.NewsItem{
			{At: next.At, Kind: dhtcore.LostSeeds, Hash: hash("dd"), Seeds: 3},
			{At: next.At, Kind: dhtcore.NewSwarm, Hash: hash("bb"), Peers: 5, Others: 2},
		}}
		s.show(next)
		s.sees("no seeds  dddd", "           had 3 ", "new       name of bb", "5 peers, +2 ")
		s.keys("N", "j", "enter")
		s.sees("hash bbbbbbbb")
		s.keys("esc")
		s.sees("news ─") // and the keys are where they were
		s.keys("k", "enter")
		s.sees("not among the hashes listed")
		s.keys("j", "enter")
		s.sees("hash bbbbbbbb")
	})
}
