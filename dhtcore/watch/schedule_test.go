package watch

import (
	"fmt"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// numbered is the n-th entry of a test.
func numbered(n int) wire.ID { return wire.ID{1: byte(n >> 8), 2: byte(n), 3: 1} }

// pacing is what the lookups of a list cost over virtual days.
type pacing struct {
	packets   float64 // a second, after the first day
	longest   time.Duration
	firstDone time.Duration // until all were looked up once
}

// pace runs a list of n entries, of which changing ones differ at each lookup, with lookups of so many packets.
func pace(t *testing.T, n, changing, cost int, days int) pacing {
	t.Helper()
	l := New(1)
	now := epoch
	for i := range n {
		if _, err := l.Add(Entry{Target: numbered(i)}, now); err != nil {
			t.Fatal(err)
		}
	}
	last, turn := map[wire.ID]time.Time{}, 0
	var p pacing
	sum := 0
	for end := epoch.Add(time.Duration(days) * day); now.Before(end); {
		e, ok, wait := l.Next(now)
		if !ok {
			now = now.Add(min(wait, time.Hour))
			continue
		}
		o := Observation{At: now, Packets: cost, Closest: 8, SeedsKnown: true, Seeds: 10, Peers: 10}
		if turn++; int(e.Target[1])<<8|int(e.Target[2]) < changing {
			o.Seeds += 50 * (turn % 7)
		}
		if at, seen := last[e.Target]; seen && now.After(epoch.Add(day)) {
			p.longest = max(p.longest, now.Sub(at))
		}
		last[e.Target] = now
		if p.firstDone == 0 && len(last) == n {
			p.firstDone = now.Sub(epoch)
		}
		if now.After(epoch.Add(day)) {
			sum += cost
		}
		l.Observe(e.Target, o)
	}
	p.packets = float64(sum) / (time.Duration(days-1) * day).Seconds()
	if len(last) != n {
		t.Errorf("%d of %d entries were ever looked up", len(last), n)
	}
	return p
}

func TestTheLookupsKeepToTheirBudget(t *testing.T) {
	for _, c := range []struct {
		n, changing, cost int
		packets           float64
		longest, first    time.Duration
	}{
		{1, 1, 80, 0.9, 2 * time.Hour, time.Minute},
		{40, 0, 80, 0.9, 2 * time.Hour, 5 * time.Minute},
		{40, 0, 100, 0.9, 2 * time.Hour, 5 * time.Minute},
		{40, 40, 100, 1, 6 * time.Hour, 5 * time.Minute},
		{1000, 100, 100, 10, 8 * time.Hour, 90 * time.Minute},
	} {
		name := fmt.Sprintf("%d entries of which %d change, %d packets each", c.n, c.changing, c.cost)
		days := 4
		if c.n > 40 {
			if days = 2; histories < 1000 {
				continue // under the race detector
			}
		}
		p := pace(t, c.n, c.changing, c.cost, days)
		t.Logf("%s: %.2f packets/s, at most %s between two lookups, all once after %s", name, p.packets, p.longest.Round(time.Minute), p.firstDone.Round(time.Second))
		if p.packets >= c.packets || p.longest > c.longest || p.firstDone > c.first {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestNewEntriesAreLookedUpSoonButNotAllAtOnce(t *testing.T) {
	l := New(1)
	for i := range 10 {
		l.Add(Entry{Target: numbered(i)}, epoch) //nolint:errcheck // there is room
	}
	for i := range 10 {
		e, ok, _ := l.Next(epoch.Add(time.Duration(i) * newEvery))
		if !ok || e.Target != numbered(i) {
			t.Fatalf("%d: %v, %v", i, e.Target, ok)
		}
		if _, ok, _ := l.Next(epoch.Add(time.Duration(i) * newEvery)); ok {
			t.Fatalf("two at once after %d", i)
		}
	}
}

func TestALookupThatNobodyRepliesToIsRepeatedLessAndLess(t *testing.T) {
	l := New(1)
	l.Add(Entry{Target: numbered(1)}, epoch) //nolint:errcheck // there is room
	now, last := epoch, time.Duration(0)
	for i := range 8 {
		_, ok, _ := l.Next(now)
		if !ok {
			t.Fatalf("lookup %d is not due", i)
		}
		l.Observe(numbered(1), Observation{At: now, Lost: true, Packets: 8})
		due := l.subjects[numbered(1)].due.Sub(now)
		if due < last || due > MaxInterval {
			t.Fatalf("%s after %s", due, last)
		}
		now, last = now.Add(due), due
	}
	if rows := l.Rows(now); rows[0].State != Waiting || rows[0].Lost != 8 {
		t.Errorf("%+v", rows[0])
	}
}

func TestALookupMadeForOthersCountsButForThoseOfTheListItself(t *testing.T) {
	l := New(1)
	for _, e := range []Entry{{Target: numbered(1)}, {Target: numbered(2), Other: numbered(3)}} {
		l.Add(e, epoch) //nolint:errcheck // there is room
	}
	o := Observation{At: epoch, Closest: 8, SeedsKnown: true, Seeds: 1, Peers: 1, TrackerKnown: true, TrackerSeeds: 5}
	offer := func(n int, after time.Duration) bool {
		o := Observation{At: epoch.Add(after), Closest: 8, SeedsKnown: true, Seeds: 2, Peers: 2}
		_, ok := l.ObserveOther(numbered(n), o)
		return ok
	}
	l.Next(epoch)
	if offer(1, 0) {
		t.Error("it counts while the list has its own under way")
	}
	l.Observe(numbered(1), o)
	due := l.subjects[numbered(1)].due
	if offer(1, confirmFirst-1) || offer(2, time.Hour) || offer(9, time.Hour) {
		t.Error("it counts just after the list's own, for half a torrent, or for what is not watched")
	}
	if !offer(1, 5*time.Minute) {
		t.Fatal("it does not count")
	}
	s := l.subjects[numbered(1)]
	if s.last.Seeds != 2 || s.last.TrackerSeeds != 5 || s.due.After(due) {
		t.Errorf("%+v, due at %s; the list's own was due at %s", s.last, s.due, due)
	}
}

func TestTrackersAreDoubtedWhileWhatTheyToldIsConfirmed(t *testing.T) {
	l := New(1)
	target := numbered(1)
	if _, err := l.Add(Entry{Target: target}, epoch); err != nil {
		t.Fatal(err)
	}
	now := epoch
	for i, c := range []struct {
		trackers int
		doubted  bool
	}{{10, false}, {500, true}, {10, false}, {500, true}, {500, true}, {500, false}, {10, true}, {500, false}, {10, true}, {10, false}} {
		now = now.Add(confirmMost)
		l.Observe(target, Observation{At: now, Closest: 8, SeedsKnown: true, Seeds: 10, Peers: 10, TrackerKnown: true, TrackerSeeds: c.trackers})
		if l.DoubtsTrackers(target) != c.doubted {
			t.Errorf("observation %d, %d by the trackers: they are doubted: %v", i, c.trackers, !c.doubted)
		}
	}
	if l.DoubtsTrackers(numbered(2)) {
		t.Error("one that is not on the list is doubted")
	}
}
