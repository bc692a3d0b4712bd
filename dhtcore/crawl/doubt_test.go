package crawl

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

// asksMany puts n questions to contacts of a teller at different places, and tells whether the yield collapsed.
func (d *doubt) asksMany(n int, teller uint16, answered func(i int) bool, now time.Time) (collapsed bool) {
	for i := range n {
		collapsed = d.ends(d.asks(), teller, uint32(i+1), answered(i), now) || collapsed
	}
	return collapsed
}

func oneIn(n int) func(int) bool { return func(i int) bool { return i%n == 0 } }

func TestATellerWhoseContactsNeverAnswerIsNotBelieved(t *testing.T) {
	var d doubt
	now := time.Unix(1e9, 0)
	d.asksMany(tellerLeast, 7, func(int) bool { return false }, now)
	if d.believes(7, 1, false, now) {
		t.Error("it is believed")
	}
	if !d.believes(7, 1, true, now) || !d.believes(8, 1, false, now) || !d.believes(trustedSlot, 1, false, now) {
		t.Error("others who tell of the same are not")
	}
	var sound doubt
	sound.asksMany(200, 7, oneIn(5), now)
	if !sound.believes(7, 1, false, now) {
		t.Error("a teller of whose contacts a fifth answers is not believed")
	}
}

func TestANetworkIsAskedOnlySoOften(t *testing.T) {
	var dead, crowd doubt
	now := time.Unix(1e9, 0)
	for range placeLeast {
		dead.ends(dead.asks(), trustedSlot, 9, false, now)
	}
	if dead.believes(1, 9, false, now) || !dead.believes(1, 9, true, now) || !dead.believes(1, 10, false, now) {
		t.Error("a dead network is asked on, or others are not")
	}
	for range placeMost {
		crowd.ends(crowd.asks(), trustedSlot, 9, true, now)
	}
	if crowd.believes(1, 9, true, now) {
		t.Error("a network full of nodes is asked on")
	}
	crowd.begin()
	if !crowd.believes(1, 9, false, now) {
		t.Error("the next sweep does not ask it")
	}
}

func TestWhenTheYieldCollapsesOneTellerIsNotEnough(t *testing.T) {
	var d doubt
	now := time.Unix(1e9, 0)
	tellers := func(n int, answered func(int) bool) (collapsed bool) {
		for i := range n {
			collapsed = d.ends(d.asks(), uint16(1000+i), uint32(1000+i), answered(i), now) || collapsed
		}
		return collapsed
	}
	if tellers(20*yieldWindow, oneIn(5)) {
		t.Fatal("a fifth of answers is a collapse")
	}
	if !tellers(yieldWindow, oneIn(10)) {
		t.Fatal("a tenth is none")
	}
	if d.believes(1, 1, false, now) || !d.believes(1, 1, true, now) || !d.believes(trustedSlot, 1, false, now) {
		t.Error("who is believed afterwards")
	}
	if !d.believes(1, 1, false, now.Add(doubtFor)) {
		t.Error("the doubt does not end")
	}
	tellers(2*yieldWindow, oneIn(2))
	if !d.believes(1, 1, false, now) {
		t.Error("a sound yield does not end it")
	}
}

// Silence is heard of long after answers: when the asking stops, only silence is left.
func TestLateSilenceIsNoCollapse(t *testing.T) {
	var d doubt
	now := time.Unix(1e9, 0)
	var silent []int
	for i := range 10 * yieldWindow {
		if n := d.asks(); i%2 == 0 {
			d.ends(n, 1, 1, true, now)
		} else {
			silent = append(silent, n)
		}
	}
	for _, n := range silent {
		if d.ends(n, 1, 1, false, now) {
			t.Fatal("the yield collapsed")
		}
	}
}

func TestANetworkHasOneSlot(t *testing.T) {
	at := func(s string) uint32 { return placeOf(3, netip.MustParseAddrPort(s)) }
	if at("8.8.8.1:1") != at("8.8.8.200:9") || at("8.8.8.1:1") == at("8.8.9.1:1") {
		t.Error("a /24 is a network")
	}
	if at("[2001:470::1]:1") != at("[2001:470::ffff:1]:1") || at("[2001:470::1]:1") == at("[2001:470:0:1::1]:1") {
		t.Error("a /64 is a network")
	}
	if at("10.0.0.1:1") == at("10.0.0.2:1") {
		t.Error("local nodes count for themselves")
	}
}

func TestTheNetworksOfMainlineHaveRoomBesideEachOther(t *testing.T) {
	const networks = 1 << 20
	places := map[uint32]bool{}
	for i := range networks {
		ip := [4]byte{byte(1 + i>>16), byte(i >> 8), byte(i), 1}
		places[placeOf(3, netip.AddrPortFrom(netip.AddrFrom4(ip), 1))] = true
	}
	if len(places) < networks*4/5 {
		t.Errorf("%d networks have %d places", networks, len(places))
	}
}

func FuzzRestore(f *testing.F) {
	c := New(Config{})
	f.Add(c.State())
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < checkLen {
			return
		}
		body := b[:len(b)-checkLen]
		fresh := New(Config{})
		if fresh.Restore(checked(slices.Clone(body))) == nil && New(Config{}).Restore(fresh.State()) != nil {
			t.Error("what was restored cannot be saved and restored")
		}
	})
}
