package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheEndIsForetoldFromTwoThousandthsOn(t *testing.T) {
	p := newTestPlanner(at(1))
	p.schedule.active = 10 * time.Second
	for leaf, want := range map[uint64]time.Duration{2: 0, 3: 3403 * time.Second, 512: 10 * time.Second} {
		p.networks[wire.IPv4].sweep = *sweepAt(10, leaf)
		if got := p.snapshot(start).ETA.Round(time.Second); got != want {
			t.Errorf("at leaf %d of 1024: %s, want %s", leaf, got, want)
		}
	}
	p.schedule.resting, p.schedule.next = true, start.Add(time.Minute)
	if p.snapshot(start).ETA != time.Minute || p.snapshot(start.Add(time.Hour)).ETA != 0 {
		t.Error("while resting it is not until the next sweep")
	}
}

func TestTheSizeIsShownForEachFamily(t *testing.T) {
	sized := func(good ...wire.Contact) Stats {
		p := newTestPlanner(good...)
		for family := range wire.Families {
			n := &p.networks[family]
			n.sweep.watermark.finish(1 << 63)
			for i := range 100 * (1 + int(family)) {
				p.heatmap.answered(0, 1, family)
				r := p.records.add(record{addr: uint64(i) + 1000*uint64(family+1), kind: speaks, asked: 1})
				n.recapture.catch(r.addr)
			}
		}
		return p.snapshot(start)
	}
	if s := sized(at(1), six(1)); s.Recapture.Nodes != 200 || s.Recapture6.Nodes != 400 {
		t.Errorf("%+v, %+v", s.Recapture, s.Recapture6)
	}
	if s := sized(six(1)); s.Recapture.Nodes != 400 {
		t.Errorf("without IPv4 %+v", s.Recapture)
	}
}

func TestBeforeTheFirstSweepThereIsNoPlace(t *testing.T) {
	p := newPlanner(nil)
	p.networks[wire.IPv4].sweep.cursor.leaf = 1
	if s := p.snapshot(start); s.Sweep != 0 || s.Swept != 0 || s.Cursor != (wire.ID{}) || s.Running {
		t.Errorf("swept %v", s.Swept)
	}
}
