package watch

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// values are those that a store would keep.
func values(entries []SavedEntry) (all [][]byte) {
	for i := range entries {
		all = append(all, entries[i].Value)
	}
	return all
}

func TestAListGoesOnWhereItEnded(t *testing.T) {
	h := newHistory(t, 3)
	h.run(epoch.Add(12 * day))
	u := h.list.TakeUnsaved()
	if len(u.Entries) != 3 || len(u.Alerts) == 0 {
		t.Fatalf("%d entries, %d alerts", len(u.Entries), len(u.Alerts))
	}
	if more := h.list.TakeUnsaved(); !more.Empty() {
		t.Fatalf("it was taken: %+v", more)
	}
	again := New(1)
	if err := again.Restore(values(u.Entries), u.Alerts); err != nil {
		t.Fatal(err)
	}
	if more := again.TakeUnsaved(); !more.Empty() {
		t.Errorf("what was restored is saved: %d entries, %d alerts", len(more.Entries), len(more.Alerts))
	}
	if got, want := again.Alerts(0), h.list.Alerts(0); !reflect.DeepEqual(got, want) {
		t.Errorf("alerts %+v\nwant %+v", got, want)
	}
	got, want := again.Rows(h.now), h.list.Rows(h.now)
	for i := range want {
		a, b := *got[i], *want[i]
		a.Interval, b.Interval, a.made, b.made = 0, 0, time.Time{}, time.Time{}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%+v\nwant %+v", a, b)
		}
	}
	h.list = again
	h.check()
}

func TestWhatWasRestoredLateDoesNotTakeTheNumbersOfAlerts(t *testing.T) {
	old := New(1)
	old.fire(Alert{Kind: NetworkGone, Fired: epoch})
	l := New(2)
	l.Add(Entry{Target: numbered(1), Label: "new"}, epoch) //nolint:errcheck // there is room
	l.fire(Alert{Kind: Demand, Target: numbered(1), Fired: epoch.Add(day)})
	if err := l.Restore([][]byte{[]byte(`{"Entry":{"Target":"zz"}}`), []byte("no JSON")}, old.Alerts(0)); err == nil {
		t.Error("broken values were read")
	}
	alerts := l.Alerts(0)
	if len(alerts) != 2 || alerts[0].Kind != Demand || alerts[0].Seq != 2 || alerts[1].Seq != 1 || !alerts[1].Firing() {
		t.Errorf("%+v", alerts)
	}
	if u := l.TakeUnsaved(); len(u.Alerts) != 1 || u.Alerts[0].Seq != 2 {
		t.Errorf("%+v", u.Alerts)
	}
	if cleared := l.SetNode(NodeState{Online: true}, epoch); len(cleared) > 0 {
		t.Errorf("at once: %+v", cleared)
	}
	if cleared := l.SetNode(NodeState{Online: true}, epoch.Add(backFor)); len(cleared) != 1 || cleared[0].Firing() {
		t.Errorf("the network is there: %+v", cleared)
	}
}

func TestAHistoryIsThinnedAndBounded(t *testing.T) {
	var h History
	r := rand.New(rand.NewPCG(1, 1))
	now := epoch
	for now.Before(epoch.Add(400 * day)) {
		now = now.Add(time.Duration(10+r.IntN(50)) * time.Minute)
		h.add(&Observation{At: now, SeedsKnown: true, Seeds: 5 + r.IntN(11), Peers: 20})
	}
	for i, tier := range tiers {
		if n := len(h.points[i]); n > tier.keep || n < tier.keep/8 {
			t.Errorf("%d points of %s; want at most %d", n, tier.step, tier.keep)
		}
	}
	for _, of := range []struct {
		step time.Duration
		n    int
	}{{time.Hour, 24}, {6 * time.Hour, 28}, {7 * day, 52}} {
		trend := h.trend(of.step, of.n, now)
		for i := range trend.N {
			least, mean, most := trend.SeedsMin[i], trend.Seeds[i], trend.SeedsMax[i]
			if trend.N[i] > 0 && (least < 5 || least > mean || mean > most || most > 15) {
				t.Errorf("%s, %d: %v %v %v", of.step, i, least, mean, most)
			}
		}
		if trend.N[of.n/2] == 0 || of.step > time.Hour && trend.Seeds[of.n/2] < 8 {
			t.Errorf("%s: %+v", of.step, trend)
		}
	}
}
