package node

import (
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

func publicContact(i int) wire.Contact {
	return wire.Contact{ID: wire.RandomID(), Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, byte(i >> 8), byte(i)}), 6881)}
}

func TestExcessIsForgivenAfterTenSecondsWithoutIt(t *testing.T) {
	for pause, want := range map[time.Duration]verdict{10 * time.Second: blocks, 10*time.Second + 1: dropped} {
		f, addr, from, now := newFloodControl(10, 0, false), publicContact(1).Addr, new(sender), time.Now()
		exhaust := func() {
			for f.judge(addr, from, now) == admitted {
			}
		}
		exhaust() // and one in excess
		for range blockAfter - 2 {
			f.judge(addr, from, now)
		}
		now = now.Add(pause)
		for range 10 * floodBurstSeconds {
			if v := f.judge(addr, from, now); v != admitted {
				t.Fatalf("after a pause of %s: %d", pause, v)
			}
		}
		if got := f.judge(addr, from, now); got != want {
			t.Errorf("one in excess after %s: %d, want %d", pause, got, want)
		}
	}
}

func TestPendingPingsAreBounded(t *testing.T) {
	var p pendingPings
	now := time.Now()
	for i := range 1000 {
		p.add(publicContact(i), now)
	}
	if len(p.waiting) != 64 {
		t.Errorf("%d pings are pending", len(p.waiting))
	}
	all := func(wire.Contact, time.Time) bool { return true }
	if due := p.take(100, now.Add(pingDelay-1), all); len(due) != 0 {
		t.Errorf("%d are due at once", len(due))
	}
	if due := p.take(8, now.Add(pingDelay+pingSpread), all); len(due) != 8 || len(p.waiting) != 56 {
		t.Errorf("%d are due, %d remain", len(due), len(p.waiting))
	}
}

func TestTheGovernorCallsItTroubleWhenMoreThan85PercentTimeOut(t *testing.T) {
	for silent, want := range map[int]float64{80: 1, 85: 1, 86: 0.5, 100: 0.5} {
		g, now := newGovernor(Limits{Packets: 100}), time.Now()
		g.reviewed = now
		for i := range 99 {
			g.ended(i >= silent, now)
		}
		if g.ended(99 >= silent, now.Add(reviewEvery)); g.factor != want {
			t.Errorf("%d of 100 time out: %v of the limit, want %v", silent, g.factor, want)
		}
	}
}

func TestTheReferrersOfSomeSecondsOfRepliesAreRemembered(t *testing.T) {
	r, id := newReferrers(64), wire.RandomID()
	contacts := make([]wire.Contact, 1000)
	for i := range contacts {
		contacts[i] = publicContact(i)
	}
	r.add(contacts, id)
	known := 0
	for _, c := range contacts {
		if got, ok := r.of(c.Addr); ok && got == id {
			known++
		}
	}
	if known < 800 {
		t.Errorf("the referrers of %d in %d contacts are known", known, len(contacts))
	}
}
