package api

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// busy returns Snapshots of a node with so many events between two of them, a quarter of a second apart.
func busy(events ...int) (all []*dhtcore.Snapshot) {
	now, seq := time.Unix(1_800_000_000, 0), uint64(0)
	var log []dhtcore.Event
	for i, n := range events {
		now = now.Add(time.Second / 4)
		for range n {
			seq++
			log = append(log, dhtcore.Event{Seq: seq, At: now, Hash: dhtcore.ID{byte(seq), byte(seq >> 8)}})
		}
		log = slices.Clone(log[max(len(log)-dhtcore.MaxEvents, 0):])
		s := &dhtcore.Snapshot{At: now, Revision: uint64(i + 1), Events: log, Names: map[dhtcore.ID]string{}}
		for _, e := range log {
			s.Names[e.Hash] = "named"
		}
		all = append(all, s)
	}
	return all
}

func TestAScreenIsSentNoMoreEventsThanItCanShow(t *testing.T) {
	var thin eventThinner
	all := busy(10, 20, 5000, 5000, 400, 400, 20, 0, 20)
	var before *dhtcore.Snapshot
	for i, s := range all {
		got := thin.snapshot(s)
		if again := thin.snapshot(s); again != got {
			t.Error("the same Snapshot is another one for the next screen")
		}
		last, want := got.Events[len(got.Events)-1].Seq, s.Events[len(s.Events)-1].Seq
		if last != want || len(got.Events) > dhtcore.MaxEvents || !slices.IsSortedFunc(got.Events, func(a, b dhtcore.Event) int { return int(a.Seq) - int(b.Seq) }) {
			t.Fatalf("%d: %d events up to %d; want up to %d", i, len(got.Events), last, want)
		}
		for _, e := range got.Events {
			if got.Names[e.Hash] != "named" {
				t.Fatalf("%d: an event of long ago has lost its name", i)
			}
		}
		if i > 0 {
			seen := before.Events[len(before.Events)-1].Seq
			fresh := 0
			for _, e := range got.Events {
				if e.Seq > seen {
					fresh++
				}
			}
			if fresh > eventsPerSecond/4 {
				t.Errorf("%d: %d new events", i, fresh)
			}
		}
		if i < 2 && got != s {
			t.Errorf("%d: a quiet node is not sent as it is", i)
		}
		before = got
	}
	for i := range 60 { // calm again
		s := all[len(all)-1]
		next := *s
		next.Revision, next.At = s.Revision+1, s.At.Add(time.Second/4)
		for range 20 {
			last := next.Events[len(next.Events)-1]
			last.Seq++
			next.Events = append(slices.Clone(next.Events[max(len(next.Events)+1-dhtcore.MaxEvents, 0):]), last)
		}
		all = append(all, &next)
		if got := thin.snapshot(&next); i > 55 && len(got.Events) != len(next.Events) {
			t.Errorf("%d: %d events of %d", i, len(got.Events), len(next.Events))
		}
	}
	if got := thin.snapshot(all[len(all)-1]); got.Events[0].Seq != all[len(all)-1].Events[0].Seq {
		t.Error("what was left out is never made up for")
	}
}
