package table

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func TestOnlyTheBucketOfOurOwnIDSplits(t *testing.T) {
	f := newField(1)
	f.join(0, K, start)
	if len(f.buckets) != 1 {
		t.Fatalf("%d nodes split the table into %d buckets", K, len(f.buckets))
	}
	f.join(0, 100, start)
	if len(f.buckets) != 2 {
		t.Fatalf("%d buckets after 100 more that share no bit with us", len(f.buckets))
	}
	f.join(5, K+1, start)
	if len(f.buckets) != 7 {
		t.Errorf("%d buckets after %d nodes that share 5 bits", len(f.buckets), K+1)
	}
	f.check(t)
	for i, want := range []int{K, 0, 0, 0, 0, K, 0} {
		if got := len(f.buckets[i].main); got != want {
			t.Errorf("bucket %d holds %d nodes, want %d", i, got, want)
		}
	}
}

func TestTheTableSplitsDownToTheLastBits(t *testing.T) {
	f := newField(2)
	for n := range wire.IDBits {
		f.join(n, K+MaxReplacements+1, start)
	}
	f.check(t)
	// The last bucket that splits is 156: only seven IDs share 157 bits or more with ours.
	if len(f.buckets) != 158 {
		t.Errorf("%d buckets", len(f.buckets))
	}
}

func TestAFullFarBucketKeepsItsGoodNodesAndTheNewestReplacements(t *testing.T) {
	f := newField(3)
	met := f.join(0, K+MaxReplacements+5, start)
	if got := f.listed(false); !slices.Equal(got, met[:K]) {
		t.Errorf("the bucket holds %v, want those who came first", got)
	}
	if got := f.listed(true); !slices.Equal(got, met[len(met)-MaxReplacements:]) {
		t.Errorf("the replacements are %v, want those who came last", got)
	}
	f.check(t)
}

func TestABadNodeGivesItsPlaceToTheNewestReplacement(t *testing.T) {
	f := newField(4)
	met := f.join(0, K+3, start)
	expect(t, "after one failure", f.Failed(met[2], start))
	expect(t, "after two failures", f.Failed(met[2], start), left(met[2]), joined(met[K+2]))
	if f.at(met[2]) != nil {
		t.Error("the bad node is still there")
	}
	if n := f.at(met[K+2]); n == nil || n.Replacement {
		t.Errorf("the newest replacement is %+v", n)
	}
	f.check(t)
}

func TestABadNodeStaysWhileNobodyCanTakeItsPlace(t *testing.T) {
	f := newField(5)
	met := f.join(0, K, start)
	for _, c := range met {
		expect(t, "a node that turned bad", f.turnBad(c, start))
	}
	if _, _, bad := f.Count(start); bad != K {
		t.Errorf("%d bad nodes, want %d", bad, K)
	}
	newcomer := f.newcomer(0)
	f.join(1, 1, start) // splits, so that bucket 0 is full and far
	expect(t, "a newcomer to a bucket of bad nodes", f.Replied(newcomer, 0, "", start), left(met[0]), joined(newcomer))
	if _, _, bad := f.Count(start); bad != K-1 {
		t.Errorf("%d bad nodes after it, want %d", bad, K-1)
	}
	f.check(t)
}

func TestABadNodeThatRepliesIsGoodAgain(t *testing.T) {
	f := newField(6)
	c := f.join(0, 1, start)[0]
	f.turnBad(c, start)
	expect(t, "an answer", f.Replied(c, 0, "", start.Add(time.Minute)))
	if good, _, _ := f.Count(start.Add(time.Minute)); good != 1 {
		t.Error("it is not")
	}
}

func TestAReplacementThatRepliesTakesThePlaceOfABadNode(t *testing.T) {
	f := newField(7)
	met := f.join(0, K+1, start)
	replacement := met[K]
	expect(t, "with good nodes before it", f.Replied(replacement, 0, "", start))
	if !f.at(replacement).Replacement {
		t.Error("it took the place of a good node")
	}
	f.bySlot[Slot(met[0].Addr)].Fails = MaxFails // as when it turned bad before there was a replacement
	expect(t, "with a bad node before it", f.Replied(replacement, 0, "", start), left(met[0]), joined(replacement))
	if f.at(replacement).Replacement || f.at(met[0]) != nil {
		t.Error("the bad node is still there")
	}
	f.check(t)
}

func TestAReplacementThatDoesNotReplyIsForgotten(t *testing.T) {
	f := newField(8)
	met := f.join(0, K+2, start)
	expect(t, "a replacement that turned bad", f.turnBad(met[K], start))
	if f.at(met[K]) != nil || f.at(met[K+1]) == nil {
		t.Error("the wrong replacement left")
	}
	f.check(t)
}

func TestANodeEntersOnlyByReplying(t *testing.T) {
	f := newField(9)
	c := f.newcomer(0)
	if !f.QueriedUs(c, start) {
		t.Error("an unknown asker is not worth a ping to an empty table")
	}
	f.MarkAsked(c, start)
	f.turnBad(c, start)
	if len(f.Nodes()) != 0 {
		t.Errorf("the table holds %v", f.Nodes())
	}
	expect(t, "after an answer", f.Replied(c, 0, "", start), joined(c))
	if f.at(c) == nil {
		t.Error("it is not there")
	}
}

func TestWeAndTheZeroIDNeverEnter(t *testing.T) {
	f := newField(10)
	for _, id := range []wire.ID{f.Self(), {}} {
		c := wire.Contact{ID: id, Addr: f.newcomer(0).Addr}
		if f.QueriedUs(c, start) {
			t.Errorf("%s is welcome", id)
		}
		expect(t, "an answer", f.Replied(c, 0, "", start))
		expect(t, "a saved table", f.Restore(Node{Contact: c}))
	}
	if len(f.Nodes()) != 0 {
		t.Errorf("the table holds %v", f.Nodes())
	}
}

func TestAReplyFromAnotherIDEvictsTheOldOne(t *testing.T) {
	f := newField(11)
	met := f.join(0, K+1, start)
	f.join(3, 1, start)
	other := wire.Contact{ID: f.sharing(2), Addr: met[4].Addr}
	expect(t, "an answer under another ID", f.Replied(other, 0, "", start), left(met[4]), joined(met[K]))
	expect(t, "the same once more", f.Replied(other, 0, "", start), joined(other))
	if f.at(met[4]) != nil || f.at(other) == nil {
		t.Error("the old ID is still there, or the new one is not")
	}
	if n := f.at(met[K]); n == nil || n.Replacement {
		t.Errorf("the replacement of the bucket that lost a node is %+v", n)
	}
	f.check(t)
}

func TestANodeThatChangesItsIDWithEveryReplyStaysOut(t *testing.T) {
	f := newField(21)
	c := f.newcomer(0)
	f.Unsettle(c.Addr) // it replied under another ID than the one that it was named with
	for i := range 20 {
		expect(t, "a reply under a new ID", f.Replied(wire.Contact{ID: f.sharing(i % 3), Addr: c.Addr}, 0, "", start))
	}
	if n := len(f.Nodes()); n != 0 {
		t.Errorf("the table holds %d nodes", n)
	}
	expect(t, "the first reply under its own", f.Replied(c, 0, "", start))
	expect(t, "the second", f.Replied(c, 0, "", start), joined(c))
	f.check(t)
}

func TestTheMemoryForChangedIDsIsBounded(t *testing.T) {
	f := newField(22)
	for i := range 3 * maxUnsettled {
		f.Unsettle(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 1))
	}
	if n := len(f.unsettled); n != maxUnsettled {
		t.Errorf("%d addresses are remembered", n)
	}
}

func TestASecondNodeBehindTheIPOfAGoodOneStaysOut(t *testing.T) {
	f := newField(12)
	first := f.join(0, 1, start)[0]
	second := wire.Contact{ID: f.sharing(0), Addr: netip.AddrPortFrom(first.Addr.Addr(), 7000)}
	expect(t, "beside a good node", f.Replied(second, 0, "", start))
	later := start.Add(GoodFor)
	expect(t, "beside a questionable node", f.Replied(second, 0, "", later), left(first), joined(second))
	if f.at(first) != nil {
		t.Error("the questionable node is still there")
	}
	f.check(t)
}

func TestANodeThatRepliesFromAnotherPortMovesThere(t *testing.T) {
	f := newField(13)
	c := f.join(0, 1, start)[0]
	moved := wire.Contact{ID: c.ID, Addr: netip.AddrPortFrom(c.Addr.Addr(), 7000)}
	expect(t, "an answer from another port", f.Replied(moved, 0, "", start), left(c), joined(moved))
	if f.at(moved) == nil || f.at(c) != nil {
		t.Errorf("the table holds %v", f.Nodes())
	}
	if f.turnBad(c, start); f.at(moved).Fails != 0 {
		t.Error("what the old port leaves unanswered counts against the new one")
	}
	f.check(t)
}

func TestOnePublicIPHasOneSlotAndAPrivateOneMany(t *testing.T) {
	for ip, want := range map[string]int{
		"8.8.8.8": 1, "2001:db8::1": 1,
		"127.0.0.1": 5, "10.1.2.3": 5, "192.168.0.1": 5, "172.16.0.1": 5, "169.254.1.1": 5, "::1": 5, "fd00::1": 5, "fe80::1": 5,
	} {
		f := newField(14)
		for port := range uint16(5) {
			f.Replied(wire.Contact{ID: f.sharing(0), Addr: netip.AddrPortFrom(netip.MustParseAddr(ip), 6881+port)}, 0, "", start)
		}
		if got := len(f.Nodes()); got != want {
			t.Errorf("%s has %d places, want %d", ip, got, want)
		}
		f.check(t)
	}
}

func TestOneIDHasOneSlot(t *testing.T) {
	f := newField(15)
	first := f.join(0, 1, start)[0]
	copied := wire.Contact{ID: first.ID, Addr: f.newcomer(0).Addr}
	if f.QueriedUs(copied, start) {
		t.Error("who claims the ID of a good node is worth a ping")
	}
	expect(t, "beside a good node", f.Replied(copied, 0, "", start))
	later := start.Add(GoodFor)
	if !f.QueriedUs(copied, later) {
		t.Error("who claims the ID of a questionable node is not worth a ping")
	}
	expect(t, "beside a questionable node", f.Replied(copied, 0, "", later), left(first), joined(copied))
	f.Restore(Node{Contact: first})
	f.check(t)
}

func TestANodeThatQueriesUsIsWorthAPingWhileThereIsRoom(t *testing.T) {
	f := newField(16)
	met := f.join(0, K+MaxReplacements-1, start)
	f.join(1, 1, start)
	unknown := f.newcomer(0)
	worth := func(when string, c wire.Contact, now time.Time, want bool) {
		t.Helper()
		if got := f.QueriedUs(c, now); got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	worth("with room in the cache", unknown, start, true)
	f.join(0, 1, start)
	worth("with a full bucket and a full cache", unknown, start, false)
	worth("in the bucket that splits", f.newcomer(5), start, true)
	worth("known and good", met[0], start, false)
	worth("at another port of a good node", wire.Contact{ID: f.sharing(0), Addr: netip.AddrPortFrom(met[0].Addr.Addr(), 1)}, start, false)
	later := start.Add(GoodFor)
	worth("when a node of the bucket is questionable", unknown, later, true)
	worth("known and questionable", met[1], later, false)
	worth("at another port of a questionable node", wire.Contact{ID: met[2].ID, Addr: netip.AddrPortFrom(met[2].Addr.Addr(), 1)}, later, true)
}

func TestAQueryKeepsANodeGood(t *testing.T) {
	f := newField(17)
	c := f.join(0, 1, start)[0]
	f.QueriedUs(c, start.Add(14*time.Minute))
	if good, _, _ := f.Count(start.Add(28 * time.Minute)); good != 1 {
		t.Error("a node that answered once and asked lately is not good")
	}
	f.QueriedUs(wire.Contact{ID: c.ID, Addr: netip.AddrPortFrom(c.Addr.Addr(), 1)}, start.Add(28*time.Minute))
	if good, _, _ := f.Count(start.Add(29 * time.Minute)); good != 0 {
		t.Error("a query from another port made the node good")
	}
}

func TestARestoredNodeIsQuestionableUntilItReplies(t *testing.T) {
	f := newField(18)
	c := f.newcomer(0)
	f.Restore(Node{Contact: c, FirstSeen: start, LastReply: start, LastQuery: start, LastAsked: start, Fails: 5, Replacement: true,
		RTT: time.Second, Client: "x"})
	want := Node{Contact: c, FirstSeen: start, RTT: time.Second, Client: "x", Provenance: Saved}
	if n := f.at(c); n == nil || *n != want {
		t.Fatalf("restored as %+v, want %+v", n, want)
	}
	now := start.Add(time.Second)
	f.QueriedUs(c, now)
	if _, questionable, _ := f.Count(now); questionable != 1 {
		t.Error("it is not questionable after a query")
	}
	if due := f.DuePing(8, now); !slices.Equal(due, []wire.Contact{c}) {
		t.Errorf("due for a ping: %v", due)
	}
	f.Replied(c, 0, "", now)
	if good, _, _ := f.Count(now); good != 1 {
		t.Error("it is not good after an answer")
	}
	f.Restore(Node{Contact: wire.Contact{ID: f.sharing(0), Addr: c.Addr}})
	if f.at(c) == nil {
		t.Error("a saved node took the place of a living one")
	}
	f.check(t)
}

func TestAFullBucketOfRestoredNodesTakesNewcomersAsReplacements(t *testing.T) {
	f := newField(19)
	for range K {
		f.Restore(Node{Contact: f.newcomer(0)})
	}
	f.join(1, 1, start)
	f.join(0, 1, start)
	if got := len(f.listed(true)); got != 1 {
		t.Errorf("%d replacements", got)
	}
	f.check(t)
}

func TestARestoredNodeDoesNotTakeThePlaceOfABadOne(t *testing.T) {
	f := newField(37)
	met := f.join(0, K, start)
	f.join(1, 1, start)
	f.turnBad(met[0], start)
	saved := f.newcomer(0)
	f.Restore(Node{Contact: saved, FirstSeen: start})
	if n := f.at(saved); n == nil || !n.Replacement || f.at(met[0]) == nil {
		t.Errorf("the saved node is %+v", n)
	}
	f.check(t)
}
