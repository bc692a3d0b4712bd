package journal

import (
	"testing"
)

func TestTheLogHasTheLastEventsAndApartFromThemThoseThatAreNoRequests(t *testing.T) {
	j, r := New(DefaultSize), &Recent{}
	j.Add(Event{Kind: Warning, Text: "old"})
	for range 3 {
		j.Add(Event{Kind: Discovered})
		j.Add(Event{Kind: LookupStep})
	}
	all, quiet := r.Take(j)
	if len(all) != 1 || len(quiet) != 1 {
		t.Fatalf("%d events and %d: want the warning alone", len(all), len(quiet))
	}
	for i := range 3 * MaxRecent {
		j.Add(Event{Kind: [...]EventKind{Tracked, Requested}[i%2]})
		all, _ = r.Take(j)
	}
	j.Add(Event{Kind: Announced})
	before := all[0]
	more, quiet := r.Take(j)
	if len(more) != MaxRecent || more[MaxRecent-1].Kind != Announced || more[0].Seq != more[MaxRecent-1].Seq-MaxRecent+1 {
		t.Errorf("%d events from %d to %d", len(more), more[0].Seq, more[len(more)-1].Seq)
	}
	if all[0] != before || len(all) != MaxRecent || all[MaxRecent-1].Kind != Requested {
		t.Error("what was handed out has changed")
	}
	if len(quiet) != 2 || quiet[0].Text != "old" {
		t.Errorf("beside the requests there are %+v", quiet)
	}
	for range 10 * MaxRecent {
		j.Add(Event{Kind: Requested})
	}
	if all, _ := r.Take(j); len(all) != MaxRecent || all[MaxRecent-1].Seq != j.Seq() {
		t.Error("after a pause the latest are not there")
	}
}

func TestAPictureOfTheLogCostsAsLittleAsThereIsNews(t *testing.T) {
	j, r := New(DefaultSize), &Recent{}
	for range 2 * MaxRecent {
		j.Add(Event{Kind: Announced})
	}
	r.Take(j)
	if n := testing.AllocsPerRun(100, func() { r.Take(j) }); n > 0 {
		t.Errorf("%.0f allocations without news", n)
	}
}
