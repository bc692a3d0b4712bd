package lookup

import (
	"net/netip"
	"testing"

	"dhtop/dhtcore/wire"
)

// fresh returns a lookup that has begun, of the zero target, and whose candidates a test makes itself.
func fresh(cfg Config) *Lookup {
	l := New(cfg)
	l.begin()
	return l
}

// at returns a node whose ID begins with id, in a network of its own.
func at(network byte, id ...byte) wire.Contact {
	var c wire.Contact
	copy(c.ID[:], id)
	c.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{30, network, 1, 1}), 6881)
	return c
}

func TestTheStateOfAStepFollowsItsStatus(t *testing.T) {
	for s, want := range map[status]StepState{heard: InFlight, chosen: InFlight, waiting: InFlight, overdue: InFlight,
		replied: Replied, unreachable: TimedOut, lied: Lied} {
		var c candidate
		if c.become(s); c.step.State != want || c.inFlight() != (s == waiting || s == overdue) {
			t.Errorf("status %d is the state %s, in flight: %v", s, c.step.State, c.inFlight())
		}
	}
}

func TestReferrersOfOneNetworkCountOnce(t *testing.T) {
	l := fresh(Config{})
	seed := func(network byte) *candidate { return l.newCandidate(at(network, 1, network), nil) }
	first, neighbour, other := seed(1), seed(1), seed(2)
	c := l.newCandidate(at(9, 9), first)
	c.addReferrer(first)
	c.addReferrer(neighbour)
	c.addReferrer(nil)
	if c.step.Referrers != 1 || c.step.Referrer != first.step.ID || c.step.Round != 2 || c.isSeed() || !first.isSeed() {
		t.Errorf("named by one network: %+v", c.step)
	}
	if c.addReferrer(other); c.step.Referrers != 2 {
		t.Errorf("named by two networks, %d referrers", c.step.Referrers)
	}
	for i := range byte(16) {
		c.addReferrer(seed(10 + i))
	}
	if c.step.Referrers != 18 || len(c.referrers) != 8 {
		t.Errorf("%d referrers counted, %d kept", c.step.Referrers, len(c.referrers))
	}
}

func TestAReferrerIsDistrustedOnlyWhenNearlyAllItsContactsFail(t *testing.T) {
	l := fresh(Config{})
	liar, honest := l.newCandidate(at(1, 1), nil), l.newCandidate(at(2, 2), nil)
	c := l.newCandidate(at(3, 3), liar)
	for range 3 {
		l.judgeReferrers(c, false)
	}
	if c.distrusted() {
		t.Errorf("distrusted after %d failures", liar.referredFailures)
	}
	l.judgeReferrers(c, false)
	if !c.distrusted() {
		t.Errorf("trusted after %d failures", liar.referredFailures)
	}
	l.judgeReferrers(c, true)
	if c.distrusted() {
		t.Errorf("distrusted with %d failures for one reply", liar.referredFailures)
	}
	l.judgeReferrers(c, false)
	if !c.distrusted() {
		t.Errorf("trusted with %d failures for one reply", liar.referredFailures)
	}
	if c.addReferrer(honest); c.distrusted() {
		t.Error("distrusted although an honest node named it")
	}
	if honest.distrusted() {
		t.Error("a seed is distrusted")
	}
}

func TestTheReplyRateIsOfContactsThatOthersNamed(t *testing.T) {
	l := fresh(Config{})
	seed := l.newCandidate(at(1, 1), nil)
	l.judgeReferrers(seed, false)
	if rate := l.cfg.Shared.outlook().replyRate; rate != 0.5 {
		t.Errorf("a seed changed the reply rate to %.2f", rate)
	}
	l.judgeReferrers(l.newCandidate(at(2, 2), seed), false)
	if rate := l.cfg.Shared.outlook().replyRate; rate >= 0.5 {
		t.Errorf("a failure left the reply rate at %.2f", rate)
	}
}
