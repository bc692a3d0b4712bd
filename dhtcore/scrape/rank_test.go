package scrape

import (
	"errors"
	"testing"
	"time"
)

func TestTrackersAreRankedByHowTheyAnswer(t *testing.T) {
	known, unknown := Swarm{true, 5, Unknown, 2}, unknownSwarm
	var r Ranking
	for _, result := range []Result{
		{Tracker: "silent", Err: errors.New("no answer")},
		{Tracker: "half", RTT: time.Millisecond, Swarms: []Swarm{known}},
		{Tracker: "half", Err: errors.New("busy")},
		{Tracker: "ignorant", RTT: time.Millisecond, Swarms: []Swarm{unknown}},
		{Tracker: "slow", RTT: time.Second, Swarms: []Swarm{known}},
		{Tracker: "quick", RTT: 9 * time.Millisecond, Swarms: []Swarm{known}},
		{Tracker: "quick", RTT: 2 * time.Millisecond, Swarms: []Swarm{known}},
		{Tracker: "quick", RTT: 3 * time.Millisecond, Swarms: []Swarm{known}},
	} {
		r.Add(&result, 1)
	}
	ranks := r.Ranks()
	for i, want := range []string{"quick", "slow", "ignorant", "half", "silent"} {
		if ranks[i].Tracker != want {
			t.Errorf("%d is %+v, want %s", i, ranks[i], want)
		}
	}
	if k := ranks[0]; k.RTT != 3*time.Millisecond || k.Seeders != 15 || k.Leechers != 0 || k.Known != 3 || k.Hashes != 3 {
		t.Errorf("%+v", k)
	}
	if k := ranks[3]; k.Answered != 1 || k.Scrapes != 2 || k.Err == nil {
		t.Errorf("%+v", k)
	}
}
