package dhtcore

import (
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

func TestViewersShareTheirSnapshotUntilTheyAskForMore(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	now := time.Now().Truncate(time.Second).Add(time.Second)
	a, b := e.NewViewer(), e.NewViewer()
	defer a.Close()
	if shared := e.snapshots.snapshot(now); a.snapshot(now) != shared || b.snapshot(now) != shared {
		t.Error("who asks for nothing has a Snapshot of its own")
	}
	order := Order{Column: BySources}
	a.RankBy(order)
	e.ranker.publish(&Ranking{Order: order, At: now, Rows: []HashRow{{Rank: 1}}})
	before := a.snapshot(now)
	if before.Ranking.Order != order || b.snapshot(now).Ranking.Order != (Order{}) {
		t.Error("the order of one Viewer is that of the other")
	}
	if a.snapshot(now) != before {
		t.Error("the same Snapshot is made twice")
	}
	b.RankBy(order)
	other := b.snapshot(now)
	if other.Ranking.Order != order || &other.Ranking.Rows[0] != &before.Ranking.Rows[0] {
		t.Error("the same ranking is there twice")
	}
	if other.Revision <= before.Revision {
		t.Errorf("revision %d after %d", other.Revision, before.Revision)
	}
	b.Close()
	if b.RankBy(order); b.snapshot(now) != e.snapshots.snapshot(now) {
		t.Error("it sees more than all do after its end")
	}
}

func TestAHundredViewersSeeEachItsOwnOrder(t *testing.T) {
	e := start(t, demoConfig())
	eventually(t, e, "hashes", func(s *Snapshot) bool { return len(s.Hashes.Top) > 1 })
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			v := e.NewViewer()
			defer v.Close()
			o := Order{Column: ledger.BySources + Column(i%5), Ascending: i%2 == 0}
			v.RankBy(o)
			if err := v.WaitRanking(t.Context()); err != nil {
				t.Error(err)
			}
			for range 20 {
				if s := v.Snapshot(); s.Ranking.Order != o || len(s.Ranking.Rows) == 0 {
					t.Errorf("it asked for %+v and has %+v with %d rows", o, s.Ranking.Order, len(s.Ranking.Rows))
				}
			}
		})
	}
	all.Wait()
}
