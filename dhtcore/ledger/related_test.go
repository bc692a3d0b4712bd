package ledger

import (
	"encoding/binary"
	"testing"
)

// like returns the i-th hash that looks like hash.
func like(hash [20]byte, i int) [20]byte {
	binary.BigEndian.PutUint64(hash[6:], uint64(i))
	return hash
}

func TestAlikeComparesTheFirst10AndTheLast5Digits(t *testing.T) {
	a := hashOf(1)
	for at, want := range map[int]bool{0: false, 9: false, 10: true, 34: true, 35: false, 39: false} {
		b := a
		b[at/2] ^= []byte{0x10, 0x01}[at%2]
		if Alike(a, b) != want {
			t.Errorf("digit %d differs: alike %v", at, !want)
		}
	}
}

func TestRelatedHashesAreFoundAndCountedApart(t *testing.T) {
	l := New()
	for i := range 20_000 {
		l.See(Requested, hashOf(i), addrOf(1), 0, start(l))
	}
	for i := range 3 {
		for source := range i + 2 {
			l.See(Requested, like(hashOf(7), i), addrOf(source), 0, start(l))
		}
	}
	rows := l.Related(hashOf(7), 10, start(l))
	if len(rows) != 3 {
		t.Fatalf("%d related hashes", len(rows))
	}
	for i, r := range rows {
		if r.InfoHash != like(hashOf(7), 2-i) || r.Requests != uint64(4-i) || r.Related != 3 {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if r := row(t, l, hashOf(7), start(l)); r.Requests != 1 || r.Related != 3 {
		t.Errorf("%+v", r)
	}
	if rows := l.Related(hashOf(8), 10, start(l)); len(rows) != 0 {
		t.Errorf("hashes that do not look alike: %+v", rows)
	}
	if rows := l.Related(like(hashOf(7), 99), 2, start(l)); len(rows) != 2 {
		t.Errorf("%d of a hash without an account, want the first 2 of 4", len(rows))
	}
	for range TopLen / relatedPerTop { // all come up
		l.Top(500, start(l))
	}
	for _, r := range l.Top(3, start(l)) {
		if r.Related != 3 {
			t.Errorf("rank %d: %d related", r.Rank, r.Related)
		}
	}
}

func TestHashesMadeToLookAlikeAreAllKeptAndSlowNobody(t *testing.T) {
	l := New()
	const made = 3 * maxInShard
	for i := range made {
		l.See(Requested, like(hashOf(7), i), addrOf(1), 0, start(l))
	}
	for i := range made {
		if !l.Knows(like(hashOf(7), i)) {
			t.Fatalf("hash %d is not known", i)
		}
	}
	longest := 0
	for i := range l.index.shards {
		s := &l.index.shards[i]
		if s.Len() > maxInShard+made/shards*10 { // some belong there by their whole hash
			t.Errorf("shard %d has %d hashes", i, s.Len())
		}
		slots := s.Slots()
		for at, e := range slots {
			if e.Value != 0 {
				home := int(uint64(e.Tag) * uint64(len(slots)) >> 32)
				longest = max(longest, (at-home+len(slots))%len(slots))
			}
		}
	}
	if longest > 500 {
		t.Errorf("one is %d steps from home", longest)
	}
	if n := len(l.Related(hashOf(7), made, start(l))); n != MaxRelated {
		t.Errorf("%d are found, want %d", n, MaxRelated)
	}
	for i := range made {
		hash := like(hashOf(7), i)
		key := l.index.key(&hash)
		_, place := l.find(key, &hash)
		l.index.remove(key, place)
	}
	for i := range l.index.shards {
		if n := l.index.shards[i].Len(); n != 0 {
			t.Fatalf("%d are left in shard %d", n, i)
		}
	}
}

func BenchmarkRelated(b *testing.B) {
	l := New()
	for i := range 1_000_000 {
		l.See(Sampled, hashOf(i), addrOf(0), 0, start(l))
	}
	for i := 0; b.Loop(); i++ {
		l.Related(hashOf(i%1_000_000), 10, start(l))
	}
}
