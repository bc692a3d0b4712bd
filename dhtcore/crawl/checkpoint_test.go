package crawl

import (
	"bytes"
	"context"
	"maps"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestACheckpointIsReadBackOrRefused(t *testing.T) {
	n := &fakeNetwork{delay: time.Second, contacts: contacts(0, 300)}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(2500 * time.Millisecond)
		state := c.Checkpoint()
		again := n.crawl()
		if err := again.Restore(state); err != nil {
			t.Fatal(err)
		}
		if n := len(c.plan.networks[0].sweep.responders); n == 0 || !maps.Equal(c.plan.networks[0].sweep.responders, again.plan.networks[0].sweep.responders) {
			t.Errorf("of %d helpers %d are left", n, len(again.plan.networks[0].sweep.responders))
		}
		if a, b := c.Stats(), again.Stats(); a.Sweep != b.Sweep || a.Swept != b.Swept || a.Mute != b.Mute || !a.SweepStarted.Equal(b.SweepStarted) {
			t.Errorf("%+v was restored as %+v", a, b)
		}
		for at := range state {
			bad := slices.Clone(state)
			bad[at] ^= 1
			if again.Restore(bad) == nil {
				t.Fatalf("byte %d was changed and nobody noticed", at)
			}
			if again.Restore(state[:at]) == nil {
				t.Fatalf("cut at %d and nobody noticed", at)
			}
		}
		time.Sleep(time.Minute)
		asked := n.queries()
		last := n.crawl()
		if err := last.Restore(c.Checkpoint()); err != nil {
			t.Fatal(err)
		}
		last.SetRunning(true)
		n.while(context.Background(), last, func() { time.Sleep(50 * time.Minute) })
		if n.queries() != asked {
			t.Errorf("%d nodes were asked within their intervals after a restart", n.queries()-asked)
		}
	})
}

// The file was written by the version before the types of today, in the middle of a sweep over both families.
func TestACheckpointOfAnEarlierVersionIsReadBack(t *testing.T) {
	saved, err := os.ReadFile("testdata/sweep-v3.checkpoint")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) { // it begins when the file was written
		time.Sleep(5 * time.Second)
		c := New(Config{})
		if err := c.Restore(saved); err != nil {
			t.Fatal(err)
		}
		if st := c.Stats(); st.Sweep != 1 || st.Resting || st.Mute != 11 || st.Silent != 10 || st.Dead != 0 ||
			st.SweepStarted.Unix() != time.Now().Unix()-5 || st.NodesWaiting != 46 {
			st.Cells = [256]Cell{}
			t.Errorf("restored %+v", st)
		}
		p := c.plan
		v4, v6 := &p.networks[0].sweep, &p.networks[1].sweep
		for i, got := range [][]int{
			{v4.leaves.depth, int(v4.cursor.leaf), v4.frontier.len(), len(v4.responders), len(v4.leaves.byNumber)},
			{v6.leaves.depth, int(v6.cursor.leaf), v6.frontier.len(), len(v6.responders), len(v6.leaves.byNumber)},
		} {
			if want := [][]int{{3, 3, 4, 2, 8}, {0, 1, 2, 1, 1}}[i]; !slices.Equal(got, want) {
				t.Errorf("family %d: depth, cursor, candidates, responders, leaves %v, want %v", i, got, want)
			}
		}
		kinds := map[kind]int{}
		for _, r := range p.records.list {
			kinds[r.kind]++
		}
		if len(p.records.list) != 52 || kinds[silent] != 10 || kinds[mute] != 11 || kinds[speaks] != 21 {
			t.Errorf("%d records, by kind %v", len(p.records.list), kinds)
		}
		again := c.Checkpoint()
		if len(again) != len(saved) || !bytes.Equal(again[:100], saved[:100]) {
			t.Errorf("%d bytes were saved again as %d", len(saved), len(again))
		}
	})
}

func TestACheckpointOfALaterVersionIsRefused(t *testing.T) {
	b := New(Config{}).Checkpoint()
	b[len(checkpointMagic)]++
	if err := New(Config{}).Restore(b); err == nil || err.Error() != "the saved sweep has version 4, this program knows 3" {
		t.Errorf("the error is %v", err)
	}
}

// A clock that was wrong when the checkpoint was written does not keep nodes or sweeps waiting for years.
func TestTimesInTheFutureAreNotBelieved(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := newPlanner(nil)
	p.schedule.begin(now.AddDate(10, 0, 0))
	p.schedule.end(now.AddDate(10, 0, 0))
	p.records.add(record{addr: 1, due: unixTime(now.AddDate(10, 0, 0)), kind: silent})
	b := p.checkpoint(now)
	q := newPlanner(nil)
	if !q.restore(b[len(checkpointMagic)+1:len(b)-checksumLen], now) {
		t.Fatal("it cannot be read")
	}
	if !q.schedule.started.Equal(now) || !q.schedule.next.Equal(now.Add(6*time.Hour)) {
		t.Errorf("started %s, next %s", q.schedule.started, q.schedule.next)
	}
	if r := q.records.find(1); r.due != unixTime(now.Add(24*time.Hour)) {
		t.Errorf("a record is due in %d s", int64(r.due)-now.Unix())
	}
}

// A record of this sweep is counted in the heat map again, one of an earlier sweep is not.
func TestTheHeatMapIsCountedAgain(t *testing.T) {
	p := newPlanner(nil)
	p.schedule.number = 3
	for _, r := range []record{
		{addr: 1, seen: 3, asked: 3, kind: speaks},
		{addr: 2, seen: 3, asked: 3, kind: mute},
		{addr: 3, seen: 3, asked: 3, kind: silent},
		{addr: 4, seen: 3, asked: 2, kind: speaks},
		{addr: 5, seen: 2, asked: 2, kind: speaks},
	} {
		p.records.add(r)
	}
	p.heatmap.recount(&p.records, &p.schedule)
	if got := p.heatmap.overview()[0]; got != (Cell{Nodes: 4, Asked: 3, Speaking: 1}) {
		t.Errorf("the cell is %+v", got)
	}
	if answered, _ := p.heatmap.below(1<<56, 3, 0); answered != 2 {
		t.Errorf("%d answered", answered)
	}
}

// What may have been asked, and what may not be asked yet, is saved; what is over is not.
func TestOnlyTheRecordsThatMatterAreSaved(t *testing.T) {
	now := time.Unix(1e9, 0)
	p := newPlanner(nil)
	p.schedule.number = 3
	past, future := unixTime(now)-1, unixTime(now)+100
	p.records.add(record{addr: 1, asked: 2, due: past})
	p.records.add(record{addr: 2, asked: 2, due: future})
	p.records.add(record{addr: 3, asked: 3, due: past})
	p.records.add(record{addr: 4, asked: 2, due: past, stage: inFlight})
	p.records.add(record{addr: 5, asked: 2, due: past, stage: suspect})
	q := newPlanner(nil)
	b := p.checkpoint(now)
	if !q.restore(b[len(checkpointMagic)+1:len(b)-checksumLen], now) {
		t.Fatal("it cannot be read")
	}
	var addrs []uint64
	for _, r := range q.records.list {
		addrs = append(addrs, r.addr)
	}
	if !slices.Equal(addrs, []uint64{2, 3, 4, 5}) {
		t.Errorf("saved %v", addrs)
	}
	if r := q.records.find(4); r.due != unixTime(now.Add(10*time.Minute)) {
		t.Error("a node that may have been asked is asked again within ten minutes")
	}
}

func FuzzRestore(f *testing.F) {
	c := New(Config{})
	f.Add(c.Checkpoint())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < checksumLen {
			return
		}
		body := b[:len(b)-checksumLen]
		fresh := New(Config{})
		if fresh.Restore(withChecksum(slices.Clone(body))) == nil && New(Config{}).Restore(fresh.Checkpoint()) != nil {
			t.Error("what was restored cannot be saved and restored")
		}
	})
}
