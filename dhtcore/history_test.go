package dhtcore

import (
	"math"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
)

// minuteKeeper returns a historyKeeper of a node that receives 120 packets a minute.
func minuteKeeper() (*historyKeeper, *reading) {
	r := &reading{good: [2]float64{7, math.NaN()}, limit: 10}
	return &historyKeeper{journal: journal.New(16), read: func(now time.Time) reading {
		n := *r
		n.at = now
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
		r.stats.PacketsIn = uint64(2 * second)
		r.requests, r.stats.QueriesOut = uint64(second), uint64(second)
		r.stats.TimedOut, r.stats.RepliesIn = uint64(second), uint64(3*second)
		r.rtt.See(40 * time.Millisecond)
		h.tick(now.Add(time.Duration(second) * time.Second))
	}
	got := h.current()
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
	for minute := range HistorySamples + 100 {
		r.hashes = uint64(minute)
		h.tick(now.Add(time.Duration(minute) * time.Minute))
	}
	got := h.current().Samples
	if len(got) != HistorySamples || got[0].Values[figure(t, "hashes")] != 100 {
		t.Errorf("%d samples, the first %+v", len(got), got[0])
	}
}

func TestASnapshotKeepsItsHistory(t *testing.T) {
	h, r := minuteKeeper()
	now := time.Now()
	h.tick(now)
	h.tick(now.Add(time.Minute))
	held := h.current()
	r.hashes = 99
	h.tick(now.Add(2 * time.Minute))
	if len(held.Samples) != 1 || held.Samples[0].Values[figure(t, "hashes")] != 0 {
		t.Errorf("%+v", held)
	}
}

func TestWarningsAreMarks(t *testing.T) {
	h, _ := minuteKeeper()
	now := time.Now()
	warn := func(text string, at time.Time) { h.journal.Add(Event{Kind: journal.Warning, Text: text, At: at}) }
	for i := range 5 {
		warn("a flooding source is blocked", now.Add(time.Duration(i)*time.Second))
	}
	h.tick(now.Add(5 * time.Second))
	warn("a flooding source is blocked", now.Add(90*time.Second))
	warn("the disk is full", now.Add(91*time.Second))
	h.tick(now.Add(92 * time.Second))
	h.tick(now.Add(93 * time.Second))
	marks := h.current().Marks
	if len(marks) != 3 || marks[0].N != 5 || marks[1].N != 1 || marks[2].Text != "the disk is full" {
		t.Errorf("%+v", marks)
	}
	h.tick(now.Add(24*time.Hour + time.Minute))
	if marks := h.current().Marks; len(marks) != 2 {
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
