package crawl

import (
	"net/netip"
	"testing"
	"time"
)

// asksMany records the outcomes of n queries to contacts that one referrer named, each in a network of its own,
// and reports whether the yield collapsed.
func (r *reputation) asksMany(n int, referrer uint16, answered func(i int) bool, now time.Time) (collapsed bool) {
	for i := range n {
		collapsed = r.outcome(r.yield.next(), referrer, uint32(i+1), answered(i), now) || collapsed
	}
	return collapsed
}

func never(int) bool { return false }

func TestAReferrerWhoseContactsNeverAnswerIsNotBelieved(t *testing.T) {
	var r reputation
	now := time.Unix(1e9, 0)
	r.asksMany(31, 7, never, now)
	if !r.believes(7, 1, false, now) {
		t.Error("a referrer is judged by 31 contacts")
	}
	r.asksMany(1, 7, never, now)
	if r.believes(7, 1, false, now) {
		t.Error("it is believed after 32 contacts that did not answer")
	}
	if !r.believes(7, 1, true, now) || !r.believes(8, 1, false, now) || !r.believes(trustedReferrer, 1, false, now) {
		t.Error("others who name the same contact are not believed")
	}
}

func TestAReferrerIsJudgedByOneAnswerInSixteen(t *testing.T) {
	now := time.Unix(1e9, 0)
	for _, c := range []struct {
		every int
		want  bool
	}{{5, true}, {15, true}, {17, false}} {
		var r reputation
		for i := range 15 * 17 { // each in a network of its own, answers last
			r.outcome(r.yield.next(), 7, uint32(i+1), i%c.every == c.every-1, now)
			r.yield.forgive()
		}
		if r.believes(7, 1<<20, false, now) != c.want {
			t.Errorf("a referrer of whose contacts one in %d answers: believed %v", c.every, !c.want)
		}
	}
}

func TestOldOutcomesFade(t *testing.T) {
	var s score
	for range 255 {
		s.add(false)
	}
	if s != (score{255, 0}) {
		t.Fatalf("255 outcomes are counted as %+v", s)
	}
	s.add(true)
	if s != (score{128, 1}) {
		t.Errorf("the next one makes it %+v", s)
	}
}

func TestANetworkIsAskedOnlySoOften(t *testing.T) {
	var dead, crowd reputation
	now := time.Unix(1e9, 0)
	for i := range 16 {
		if !dead.believes(1, 9, false, now) {
			t.Fatalf("a network is given up after %d queries", i)
		}
		dead.outcome(dead.yield.next(), trustedReferrer, 9, false, now)
	}
	if dead.believes(1, 9, false, now) || !dead.believes(1, 9, true, now) || !dead.believes(1, 10, false, now) {
		t.Error("a dead network is asked on, or others are not")
	}
	for i := range 200 {
		if !crowd.believes(1, 9, true, now) {
			t.Fatalf("a network full of nodes is left after %d queries", i)
		}
		crowd.outcome(crowd.yield.next(), trustedReferrer, 9, true, now)
	}
	if crowd.believes(1, 9, true, now) {
		t.Error("a network full of nodes is asked on")
	}
	crowd.hosts = hostScores{}
	if !crowd.believes(1, 9, false, now) {
		t.Error("the next sweep does not ask it")
	}
}

func TestWhenTheYieldCollapsesOneReferrerIsNotEnough(t *testing.T) {
	var r reputation
	now := time.Unix(1e9, 0)
	collapsed := false
	for i := range yieldOver {
		collapsed = r.outcome(r.yield.next(), uint16(1000+i), uint32(1000+i), false, now) || collapsed
	}
	if !collapsed {
		t.Fatal("no answer at all is no collapse")
	}
	if r.believes(1, 1, false, now) || !r.believes(1, 1, true, now) || !r.believes(trustedReferrer, 1, false, now) {
		t.Error("who is believed afterwards")
	}
	if !r.believes(1, 1, false, now.Add(poorFor)) {
		t.Error("the suspicion does not end")
	}
}

func TestANetworkHasOneSlot(t *testing.T) {
	at := func(s string) uint32 { return hostOf(3, netip.MustParseAddrPort(s)) }
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

func TestTheScoresOfASmallNetworkTakeLittleMemory(t *testing.T) {
	var h hostScores
	for i := range uint32(600) {
		h.at(i * 7001 % (1 << hostBits)).add(true)
	}
	for i := range uint32(1 << hostBits) {
		if h.of(i) != (score{}) && i%7001 != 0 {
			t.Fatalf("slot %d has the score of another", i)
		}
	}
	pages := 0
	for _, page := range h {
		if page != nil {
			pages++
		}
	}
	if pages > 600 || h.of(7001) != (score{1, 1}) {
		t.Errorf("600 networks have %d pages, one is %+v", pages, h.of(7001))
	}
}

func TestTheNetworksOfMainlineHaveRoomBesideEachOther(t *testing.T) {
	const networks = 1 << 20
	hosts, referrers := map[uint32]bool{}, map[uint16]bool{}
	for i := range networks {
		ip := [4]byte{byte(1 + i>>16), byte(i >> 8), byte(i), 1}
		addr := netip.AddrPortFrom(netip.AddrFrom4(ip), 1)
		hosts[hostOf(3, addr)] = true
		referrers[referrerOf(3, addr)] = true
	}
	if len(hosts) < networks*4/5 || len(hosts) > networks*9/10 {
		t.Errorf("%d networks have %d slots", networks, len(hosts))
	}
	if len(referrers) != 1<<16-1 || referrers[trustedReferrer] {
		t.Errorf("referrers have %d slots, ours among them: %v", len(referrers), referrers[trustedReferrer])
	}
}
