package crawl

import (
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"
)

func TestARecordTakes32Bytes(t *testing.T) {
	if size := unsafe.Sizeof(record{}); size != 32 {
		t.Errorf("it takes %d", size)
	}
}

// The records do what two maps do, whatever is added, identified, silenced and purged.
func TestRecordsAreFoundByAddressAndByID(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	m := records{seed: 9}
	byAddr := map[uint64]record{}
	check := func(when string) {
		t.Helper()
		if len(m.list) != len(byAddr) {
			t.Fatalf("%s: %d records, want %d", when, len(m.list), len(byAddr))
		}
		for addr, want := range byAddr {
			r := m.find(addr)
			if r == nil || *r != want {
				t.Fatalf("%s: %x is %+v, want %+v", when, addr, r, want)
			}
			if named := m.answering(want.id); (named != nil) != want.answers() && named == nil {
				t.Fatalf("%s: no node answers as %x", when, want.id)
			} else if named != nil && (named.id != want.id || !named.answers()) {
				t.Fatalf("%s: %+v answers as %x", when, named, want.id)
			}
		}
	}
	for round := range 5 {
		for range 2000 {
			addr := random.Uint64()
			m.add(record{addr: addr})
			if random.IntN(2) == 0 {
				r := m.find(addr)
				r.kind = speaks
				m.identify(r, random.Uint64())
				m.identify(r, r.id) // again
			}
			byAddr[addr] = *m.find(addr)
		}
		if m.find(1) != nil || m.answering(1) != nil {
			t.Error("found what is not there")
		}
		check("after adding")
		for addr, r := range byAddr { // they move to other IDs, and some fall silent
			at := m.find(addr)
			if random.IntN(4) == 0 {
				at.kind = silent
			} else if r.answers() {
				m.identify(at, random.Uint64())
			}
			byAddr[addr] = *at
		}
		check("after moving")
		m.purge(func(r *record) bool { return r.addr%3 != uint64(round%3) })
		for addr := range byAddr {
			if addr%3 == uint64(round%3) {
				delete(byAddr, addr)
			}
		}
		check("after purging")
	}
}

func TestThoseWhoAnsweredASweepAreCounted(t *testing.T) {
	var m records
	m.add(record{addr: 1, kind: speaks, asked: 3})
	m.add(record{addr: 2, kind: mute, asked: 3})
	m.add(record{addr: 3, kind: silent, asked: 3})
	m.add(record{addr: 4, kind: speaks, asked: 2})
	m.add(record{addr: 5, kind: unknown, asked: 3})
	if n := m.answered([]uint64{1, 2, 3, 4, 5, 6}, 3); n != 2 {
		t.Errorf("%d are counted, want 2", n)
	}
}

func TestTheNodesInsideTheirIntervalAreCountedEveryTenSeconds(t *testing.T) {
	var m records
	m.add(record{addr: 1, due: unixTime(start) + 11})
	m.add(record{addr: 2, due: unixTime(start)})
	if n := m.insideInterval(start); n != 1 {
		t.Errorf("%d are inside", n)
	}
	m.add(record{addr: 3, due: unixTime(start) + 100})
	if n := m.insideInterval(start.Add(10*time.Second - 1)); n != 1 {
		t.Errorf("%d are counted in the same ten seconds", n)
	}
	if n := m.insideInterval(start.Add(10 * time.Second)); n != 2 {
		t.Errorf("%d are inside ten seconds later", n)
	}
	if n := m.insideInterval(start.Add(20 * time.Second)); n != 1 {
		t.Errorf("%d are inside twenty seconds later, when one is through", n)
	}
}
