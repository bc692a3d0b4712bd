package journal

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// filled returns a journal of the given size after count events, the n of which is their number.
func filled(size, count int) *Journal {
	j := New(size)
	for i := range count {
		j.Add(Event{Kind: Requested, N: i + 1})
	}
	return j
}

func numbers(t *testing.T, events []Event) (seqs []uint64) {
	t.Helper()
	for _, e := range events {
		if e.Seq != uint64(e.N) {
			t.Fatalf("event %d has the number %d", e.N, e.Seq)
		}
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

// run returns the numbers from first to last.
func run(first, last uint64) (seqs []uint64) {
	for ; first <= last; first++ {
		seqs = append(seqs, first)
	}
	return seqs
}

func TestAReaderGetsWhatFollowsAndIsToldWhatItMissed(t *testing.T) {
	for _, c := range []struct {
		name        string
		added       int
		seq         uint64
		n           int
		first, last uint64 // none when first > last
		lost        uint64
	}{
		{"an empty journal", 0, 0, 10, 1, 0, 0},
		{"from the start", 3, 0, 10, 1, 3, 0},
		{"from the middle", 6, 4, 10, 5, 6, 0},
		{"nothing new", 6, 6, 10, 1, 0, 0},
		{"a reader ahead of us", 6, 100, 10, 1, 0, 0},
		{"no more than asked for", 6, 1, 2, 2, 3, 0},
		{"none asked for", 6, 1, 0, 1, 0, 0},
		{"a full ring", 8, 0, 10, 1, 8, 0},
		{"one overwritten", 9, 0, 10, 2, 9, 1},
		{"one overwritten that was read", 9, 1, 10, 2, 9, 0},
		{"many overwritten", 1000, 17, 10, 993, 1000, 975},
		{"many overwritten and few asked for", 1000, 17, 3, 993, 995, 975},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, lost := filled(8, c.added).After([]Event{{N: -1}}, c.seq, c.n)
			if events[0].N != -1 {
				t.Fatal("After does not append")
			}
			if got := numbers(t, events[1:]); !slices.Equal(got, run(c.first, c.last)) || lost != c.lost {
				t.Errorf("events %v and %d lost, want %d to %d and %d lost", got, lost, c.first, c.last, c.lost)
			}
		})
	}
}

func TestLastReturnsTheNewestOldestFirst(t *testing.T) {
	for _, c := range []struct {
		added, n    int
		first, last uint64
	}{
		{0, 5, 1, 0}, {3, 5, 1, 3}, {3, 2, 2, 3}, {3, 0, 1, 0}, {100, 5, 96, 100}, {100, 8, 93, 100}, {100, 50, 93, 100},
	} {
		j := filled(8, c.added)
		if got := numbers(t, j.Last(nil, c.n)); !slices.Equal(got, run(c.first, c.last)) {
			t.Errorf("the last %d of %d: %v, want %d to %d", c.n, c.added, got, c.first, c.last)
		}
		if j.Seq() != uint64(c.added) {
			t.Errorf("the newest of %d has the number %d", c.added, j.Seq())
		}
	}
}

func TestAnEventWithoutATimeHappensNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j, then := New(8), time.Now().Add(-time.Hour)
		j.Add(Event{})
		j.Add(Event{At: then})
		events := j.Last(nil, 2)
		if !events[0].At.Equal(time.Now()) || !events[1].At.Equal(then) {
			t.Errorf("at %s and %s", events[0].At, events[1].At)
		}
	})
}

func TestWritersAndReadersMayMeet(t *testing.T) {
	const writers, each = 4, 5000
	j := New(64)
	var wrote, read sync.WaitGroup
	for w := range writers {
		wrote.Go(func() {
			for i := range each {
				j.Add(Event{N: i, New: w})
			}
		})
	}
	for range 2 {
		read.Go(func() {
			got, missed := uint64(0), uint64(0)
			last := [writers]int{-1, -1, -1, -1}
			for seq := uint64(0); seq < writers*each; {
				events, lost := j.After(nil, seq, 16)
				missed += lost
				for i, e := range events {
					if want := seq + lost + uint64(i) + 1; e.Seq != want {
						t.Errorf("event %d where %d should be", e.Seq, want)
						return
					}
					if e.N <= last[e.New] {
						t.Errorf("writer %d: event %d after %d", e.New, e.N, last[e.New])
						return
					}
					last[e.New] = e.N
				}
				got += uint64(len(events))
				seq += lost + uint64(len(events))
				if newest := j.Last(nil, 8); !slices.IsSortedFunc(newest, func(a, b Event) int { return int(a.Seq) - int(b.Seq) }) {
					t.Errorf("the newest are out of order: %v", newest)
					return
				}
			}
			if got+missed != writers*each {
				t.Errorf("%d read and %d lost of %d", got, missed, writers*each)
			}
		})
	}
	wrote.Wait()
	read.Wait()
}

func TestAddingAndReadingAllocatesNothing(t *testing.T) {
	j := filled(64, 1000)
	events, now := make([]Event, 0, 64), time.Now()
	if n := testing.AllocsPerRun(100, func() {
		j.Add(Event{At: now})
		j.After(events, j.Seq()-30, 64)
		j.Last(events, 20)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestWarningsOutliveTheRing(t *testing.T) {
	j := New(8)
	for i := range KeptWarnings + 5 {
		j.Add(Event{Kind: Warning, N: i})
		for range 100 {
			j.Add(Event{Kind: Requested})
		}
	}
	kept := j.Warnings()
	if len(kept) != KeptWarnings || kept[0].N != 5 || kept[KeptWarnings-1].N != KeptWarnings+4 {
		t.Fatalf("%d warnings are kept: %+v", len(kept), kept)
	}
	j.Add(Event{Kind: Warning, N: 99})
	if kept[0].N != 5 || j.Warnings()[0].N != 6 {
		t.Error("what was handed out has changed")
	}
}

func TestEventsThatAreAddedAtOnceFollowEachOther(t *testing.T) {
	j := New(8)
	j.Add(Event{Kind: Requested})
	j.AddAll([]Event{{Kind: Announced}, {Kind: Warning, Text: "a"}})
	events, _ := j.After(nil, 0, 8)
	if len(events) != 3 || events[1].Seq != 2 || events[2].Seq != 3 || events[2].Text != "a" || events[1].At.IsZero() {
		t.Errorf("%+v", events)
	}
	if w := j.Warnings(); len(w) != 1 || w[0].Seq != 3 {
		t.Errorf("warnings %+v", w)
	}
}
