package history

import (
	"math"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
)

// minuteKeeper returns a Keeper of a node that receives 120 packets a minute.
func minuteKeeper() (*Keeper, *Reading) {
	r := &Reading{Good: [2]float64{7, math.NaN()}, Limit: 10}
	return &Keeper{Journal: journal.New(16), Read: func(now time.Time) Reading {
		n := *r
		n.At = now
		return n
	}}, r
}

func figure(t *testing.T, name string) Figure {
	t.Helper()
	for i := range Figures {
		if Figures[i].Name == name {
			return Figure(i)
		}
	}
	t.Fatalf("no figure %q", name)
	return 0
}

func TestTheHistoryHasASampleAMinute(t *testing.T) {
	h, r := minuteKeeper()
	now := time.Now()
	for second := range 3*60 + 11 {
		r.Stats.PacketsIn = uint64(2 * second)
		r.Requests, r.Stats.QueriesOut = uint64(second), uint64(second)
		r.Stats.TimedOut, r.Stats.RepliesIn = uint64(second), uint64(3*second)
		r.RTT.See(40 * time.Millisecond)
		h.Tick(now.Add(time.Duration(second) * time.Second))
	}
	got := h.Current()
	if len(got.Samples) != 4 || got.Samples[0].At.Sub(now) != firstSample || got.Samples[3].At.Sub(now) != firstSample+3*time.Minute {
		t.Fatalf("%d samples", len(got.Samples))
	}
	for name, want := range map[string]float64{"packets in": 2, "requests": 60, "good IPv4 nodes": 7, "silent": 25, "budget": 10, "peers found": 0} {
		if v := float64(got.Samples[2].Values[figure(t, name)]); math.Abs(v-want) > 0.01 {
			t.Errorf("%s: %v, want %v", name, v, want)
		}
	}
	if v := got.Samples[2].Values[figure(t, "RTT, median")]; v < 36 || v > 46 {
		t.Errorf("the median of 40 ms is %v", v)
	}
	for _, name := range []string{"good IPv6 nodes", "network size", "store"} {
		if v := got.Samples[2].Values[figure(t, name)]; v == v {
			t.Errorf("%s: %v, want none", name, v)
		}
	}
}

func TestTheHistoryIsOneDay(t *testing.T) {
	h, r := minuteKeeper()
	now := time.Now()
	for minute := range MaxSamples + 100 {
		r.Hashes = uint64(minute)
		h.Tick(now.Add(time.Duration(minute) * time.Minute))
	}
	got := h.Current().Samples
	if len(got) != MaxSamples || got[0].Values[figure(t, "hashes")] != 100 {
		t.Errorf("%d samples, the first %+v", len(got), got[0])
	}
}

func TestASnapshotKeepsItsHistory(t *testing.T) {
	h, r := minuteKeeper()
	now := time.Now()
	h.Tick(now)
	h.Tick(now.Add(time.Minute))
	held := h.Current()
	r.Hashes = 99
	h.Tick(now.Add(2 * time.Minute))
	if len(held.Samples) != 1 || held.Samples[0].Values[figure(t, "hashes")] != 0 {
		t.Errorf("%+v", held)
	}
}

func TestWarningsAreMarks(t *testing.T) {
	h, _ := minuteKeeper()
	now := time.Now()
	warn := func(text string, at time.Time) {
		h.Journal.Add(journal.Event{Kind: journal.Warning, Text: text, At: at})
	}
	for i := range 5 {
		warn("a flooding source is blocked", now.Add(time.Duration(i)*time.Second))
	}
	h.Tick(now.Add(5 * time.Second))
	warn("a flooding source is blocked", now.Add(90*time.Second))
	warn("the disk is full", now.Add(91*time.Second))
	h.Tick(now.Add(92 * time.Second))
	h.Tick(now.Add(93 * time.Second))
	marks := h.Current().Marks
	if len(marks) != 3 || marks[0].N != 5 || marks[1].N != 1 || marks[2].Text != "the disk is full" {
		t.Errorf("%+v", marks)
	}
	h.Tick(now.Add(24*time.Hour + time.Minute))
	if marks := h.Current().Marks; len(marks) != 2 {
		t.Errorf("a day later: %+v", marks)
	}
}

func TestEveryFigureExplainsItself(t *testing.T) {
	if FigureCount != 20 {
		t.Errorf("%d figures", FigureCount)
	}
	seen := map[string]bool{}
	for _, f := range Figures {
		if f.Name == "" || f.About == "" || f.Normal == "" || f.of == nil || seen[f.Name] || len(f.Name) > 15 {
			t.Errorf("%+v", f)
		}
		seen[f.Name] = true
	}
}
