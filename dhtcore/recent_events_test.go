package dhtcore

import (
	"testing"

	"dhtop/dhtcore/journal"
)

func TestTheLogHasTheLastEventsAndApartFromThemThoseThatAreNoRequests(t *testing.T) {
	j, r := journal.New(journal.DefaultSize), &recentEvents{}
	j.Add(Event{Kind: journal.Warning, Text: "old"})
	for range 3 {
		j.Add(Event{Kind: journal.Discovered})
		j.Add(Event{Kind: journal.LookupStep})
	}
	all, quiet := r.take(j)
	if len(all) != 1 || len(quiet) != 1 {
		t.Fatalf("%d events and %d: want the warning alone", len(all), len(quiet))
	}
	for i := range 3 * MaxEvents {
		j.Add(Event{Kind: [...]EventKind{journal.Tracked, journal.Requested}[i%2]})
		all, _ = r.take(j)
	}
	j.Add(Event{Kind: journal.Announced})
	before := all[0]
	more, quiet := r.take(j)
	if len(more) != MaxEvents || more[MaxEvents-1].Kind != journal.Announced || more[0].Seq != more[MaxEvents-1].Seq-MaxEvents+1 {
		t.Errorf("%d events from %d to %d", len(more), more[0].Seq, more[len(more)-1].Seq)
	}
	if all[0] != before || len(all) != MaxEvents || all[MaxEvents-1].Kind != journal.Requested {
		t.Error("what was handed out has changed")
	}
	if len(quiet) != 2 || quiet[0].Text != "old" {
		t.Errorf("beside the requests there are %+v", quiet)
	}
	for range 10 * MaxEvents {
		j.Add(Event{Kind: journal.Requested})
	}
	if all, _ := r.take(j); len(all) != MaxEvents || all[MaxEvents-1].Seq != j.Seq() {
		t.Error("after a pause the latest are not there")
	}
}

func TestAPictureOfTheLogCostsAsLittleAsThereIsNews(t *testing.T) {
	j, r := journal.New(journal.DefaultSize), &recentEvents{}
	for range 2 * MaxEvents {
		j.Add(Event{Kind: journal.Announced})
	}
	r.take(j)
	if n := testing.AllocsPerRun(100, func() { r.take(j) }); n > 0 {
		t.Errorf("%.0f allocations without news", n)
	}
}
