package table

import (
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheLongestUnseenQuestionableNodeOfEachBucketIsDue(t *testing.T) {
	f := newField(30)
	var oldest []wire.Contact
	for bucket := range 3 {
		for i := range K {
			c := f.newcomer(bucket)
			f.Replied(c, 0, "", start.Add(time.Duration((i+3)%K)*time.Second))
			if (i+3)%K == 0 {
				oldest = append(oldest, c)
			}
		}
	}
	f.join(3, 1, start.Add(time.Minute))
	if due := f.DuePing(8, start.Add(time.Minute)); due != nil {
		t.Errorf("while all are good: %v", due)
	}
	now := start.Add(GoodFor + 30*time.Second)
	if due := f.DuePing(8, now); !slices.Equal(due, oldest) {
		t.Errorf("got %v, want %v", due, oldest)
	}
	if due := f.DuePing(2, now); !slices.Equal(due, oldest[:2]) {
		t.Errorf("of two: %v, want %v", due, oldest[:2])
	}
	if due := f.DuePing(0, now); len(due) != 0 {
		t.Errorf("of none: %v", due)
	}
}

func TestANodeIsNotDueWhileItIsBeingAsked(t *testing.T) {
	f := newField(31)
	met := f.join(0, 2, start)
	now := start.Add(GoodFor)
	f.MarkAsked(met[0], now)
	f.MarkAsked(met[1], now.Add(time.Second))
	for after, want := range map[time.Duration][]wire.Contact{
		time.Second: nil, RetryAfter - 1: nil, RetryAfter: met[:1], RetryAfter + time.Second: met[:1],
	} {
		if due := f.DuePing(8, now.Add(after)); !slices.Equal(due, want) {
			t.Errorf("%s after: %v, want %v", after, due, want)
		}
	}
	f.Replied(met[0], 0, "", now.Add(RetryAfter))
	f.MarkAsked(wire.Contact{ID: f.sharing(0), Addr: met[1].Addr}, now.Add(RetryAfter+time.Second)) // somebody else
	if due := f.DuePing(8, now.Add(RetryAfter+time.Second)); !slices.Equal(due, met[1:]) {
		t.Errorf("after an answer: %v, want %v", due, met[1:])
	}
}

func TestANodeThatFailsIsLeftAloneForLongerEachTime(t *testing.T) {
	f := newField(32)
	c := f.join(0, 1, start)[0]
	now := start
	for _, want := range []time.Duration{20, 40, 80, 160, 320, 320, 320} {
		f.Failed(c, now)
		if due := f.DuePing(8, now.Add(want*time.Second-1)); due != nil {
			t.Errorf("failure %d: due before %d s", f.at(c).Fails, want)
		}
		now = now.Add(want * time.Second)
		if due := f.DuePing(8, now); len(due) != 1 {
			t.Errorf("failure %d: not due after %d s", f.at(c).Fails, want)
		}
	}
	f.Replied(c, 0, "", now)
	f.Failed(c, now)
	if due := f.DuePing(8, now.Add(RetryAfter)); len(due) != 1 {
		t.Error("an answer did not shorten the wait again")
	}
}

func TestASavedNodeThatNeverRepliesIsPingedTwiceInAQuarterOfAnHour(t *testing.T) {
	f := newField(34)
	c := f.newcomer(0)
	f.Restore(Node{Contact: c, FirstSeen: start})
	pings := 0
	for now := start; now.Sub(start) < GoodFor; now = now.Add(time.Second) {
		if due := f.DuePing(8, now); len(due) > 0 {
			pings++
			f.Failed(c, now)
		}
	}
	if pings != MaxFails {
		t.Errorf("%d pings", pings)
	}
}

func TestAStaleBucketIsRefreshedByATargetInsideIt(t *testing.T) {
	f := newField(33)
	for n := range 20 {
		f.join(n, K+1, start)
	}
	if target, ok := f.DueRefresh(start.Add(GoodFor - 1)); ok {
		t.Fatalf("%s is due before any bucket is stale", target)
	}
	now := start.Add(GoodFor)
	fresh := map[int]bool{3: true, 7: true}
	for n := range fresh {
		f.Replied(f.Nodes()[n*(K+1)].Contact, 0, "", now)
	}
	var refreshed []int
	for {
		target, ok := f.DueRefresh(now)
		if !ok {
			break
		}
		refreshed = append(refreshed, wire.SharedBits(f.Self(), target))
	}
	var want []int
	for n := range len(f.buckets) {
		if !fresh[n] {
			want = append(want, n)
		}
	}
	if !slices.Equal(refreshed, want) {
		t.Errorf("refreshed the buckets %v, want %v", refreshed, want)
	}
}

func TestARefreshTargetIsAnywhereInItsBucket(t *testing.T) {
	f := newField(34)
	ones := [wire.IDBits]int{}
	const tries = 400
	for range tries {
		id := f.randomIDIn(5)
		if n := wire.SharedBits(f.Self(), id); n != 5 {
			t.Fatalf("%s shares %d bits", id, n)
		}
		for bit := range ones {
			ones[bit] += int(id[bit/8] >> (7 - bit%8) & 1)
		}
	}
	for bit := 6; bit < wire.IDBits; bit++ {
		if ones[bit] < tries/4 || ones[bit] > tries*3/4 {
			t.Errorf("bit %d is set in %d of %d targets", bit, ones[bit], tries)
		}
	}
}

func TestUnderfullBucketsAreFilledByTargetsInsideThem(t *testing.T) {
	f := newField(35)
	f.join(0, K, start)
	f.join(2, K-1, start)
	f.join(4, K+1, start)
	var thin []int
	for _, target := range f.Underfull() {
		thin = append(thin, wire.SharedBits(f.Self(), target))
	}
	if want := []int{1, 2, 3}; !slices.Equal(thin, want) {
		t.Errorf("thin buckets %v, want %v", thin, want)
	}
}

func TestTheViewsCountWhatTheTableHolds(t *testing.T) {
	f := newField(36)
	f.join(0, 3, start.Add(-time.Hour))
	far := f.join(0, K-3+2, start)
	near := f.join(1, 4, start)
	f.bySlot[Slot(far[0].Addr)].Fails = MaxFails
	want := []BucketView{{Index: 0, Good: K - 4, Questionable: 3, Bad: 1, Replacements: 2}, {Index: 1, Good: 4}}
	if got := f.Buckets(start); !slices.Equal(got, want) {
		t.Errorf("buckets %+v, want %+v", got, want)
	}
	if good, questionable, bad := f.Count(start); good != K || questionable != 3 || bad != 1 {
		t.Errorf("%d good, %d questionable, %d bad", good, questionable, bad)
	}
	nodes := f.Nodes()
	if len(nodes) != K+2+4 || nodes[K].Replacement != true || nodes[K+2].Contact != near[0] || nodes[K+2].Bucket != 1 {
		t.Errorf("nodes %+v", nodes)
	}
	nodes[0].Fails = 99
	if f.Nodes()[0].Fails == 99 {
		t.Error("Nodes hands out the table's own nodes")
	}
}
