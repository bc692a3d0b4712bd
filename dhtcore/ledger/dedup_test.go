package ledger

import (
	"net/netip"
	"testing"
	"time"
)

func TestASourcesRepeatsWithinAMinuteCountOnce(t *testing.T) {
	l, noisy, wanted := New(), hashOf(1), hashOf(2)
	now := start(l)
	for i := range 6000 { // 10 a second for 10 minutes
		now = now.Add(100 * time.Millisecond)
		l.See(Requested, noisy, addrOf(1), 0, now)
		if i%150 == 0 {
			l.See(Requested, wanted, addrOf(i), 0, now)
		}
	}
	r := row(t, l, noisy, now)
	if r.Requests < 9 || r.Requests > 11 || r.RawRequests != 6000 || r.Sources != 1 {
		t.Errorf("%d requests, %d raw, of %d sources", r.Requests, r.RawRequests, r.Sources)
	}
	if r.Hour != r.Requests || r.LastSeen.Sub(now).Abs() > time.Millisecond {
		t.Errorf("%d in the hour of %d, last seen %v", r.Hour, r.Requests, r.LastSeen)
	}
	if top := l.Top(2, now); top[0].InfoHash != wanted || top[0].RawRequests != 40 || top[0].Requests != 40 {
		t.Errorf("40 sources do not outrank a noisy one: %+v", top)
	}
	if got := l.Totals(); got.RawRequests != 6040 || got.Requests != 40+r.Requests {
		t.Errorf("%+v", got)
	}
	l.See(Announced, noisy, addrOf(1), 0, now)
	l.See(Announced, noisy, addrOf(1), 0, now)
	if r := row(t, l, noisy, now); r.Announces != 2 {
		t.Errorf("announces repeat too: %d", r.Announces)
	}
}

func TestARepeatIsOneOfTheSameSourceAndHashInTime(t *testing.T) {
	v6 := netip.MustParseAddrPort("[2001:db8::1]:1")
	for name, c := range map[string]struct {
		hash  int
		addr  netip.AddrPort
		after time.Duration
		want  uint64 // requests of hash 1
	}{
		"at once":               {1, addrOf(1), 0, 1},
		"from another port":     {1, netip.AddrPortFrom(addrOf(1).Addr(), 9), 0, 1},
		"just within":           {1, addrOf(1), RepeatWithin - time.Second, 1},
		"just after":            {1, addrOf(1), RepeatWithin + time.Second, 2},
		"late":                  {1, addrOf(1), -time.Second, 1},
		"from another source":   {1, addrOf(2), 0, 2},
		"from an IPv6 address":  {1, v6, 0, 2},
		"for another hash":      {2, addrOf(1), 0, 1},
		"when ticks come round": {1, addrOf(1), (tickMask + 1) * tick * time.Millisecond / 2, 2},
	} {
		l := New()
		l.See(Requested, hashOf(1), addrOf(1), 0, start(l).Add(time.Hour))
		l.See(Requested, hashOf(c.hash), c.addr, 0, start(l).Add(time.Hour+c.after))
		if r := row(t, l, hashOf(1), start(l)); r.Requests != c.want {
			t.Errorf("%s: %d requests, want %d", name, r.Requests, c.want)
		}
	}
}

func TestAFullMinuteOfRequestsIsRemembered(t *testing.T) {
	l := New()
	const perSecond, hashes = 4000 / shrunk, 1000 / shrunk
	sent := 0
	for second := range 60 {
		for i := range perSecond {
			l.See(Requested, hashOf(i%hashes), addrOf(sent/hashes), 0, start(l).Add(time.Duration(second)*time.Second))
			sent++
		}
	}
	if got := l.Totals().Requests; got != uint64(sent) {
		t.Errorf("%d of %d different requests count", got, sent)
	}
	for i := range sent {
		l.See(Requested, hashOf(i%hashes), addrOf(i/hashes), 0, start(l).Add(59*time.Second))
	}
	if again := l.Totals().Requests - uint64(sent); again > uint64(sent)/100 {
		t.Errorf("%d of %d repeats count", again, sent)
	}
}

func TestWhatIsRememberedOutlastsTheGrowthOfItsTable(t *testing.T) {
	r := make(dedupTable, dedupFirst)
	epoch := epoch{time.Unix(0, 0)}
	at := func(d time.Duration) stamp { return epoch.stamp(time.Unix(3600, 0).Add(d)) }
	n := 0
	for ; len(r) == dedupFirst; n++ {
		if r.seen(mix(uint64(n)), at(0)) {
			t.Fatalf("pair %d is a repeat", n)
		}
	}
	if n < dedupFirst*2 {
		t.Errorf("the table grew at %d pairs", n)
	}
	for i := range n {
		if !r.seen(mix(uint64(i)), at(time.Second)) {
			t.Fatalf("pair %d of %d is forgotten", i, n)
		}
	}
	slow := make(dedupTable, dedupFirst)
	const inAMinute = 2 * dedupFirst
	for i := range 10 * inAMinute {
		slow.seen(mix(uint64(i)), at(time.Duration(i)*time.Minute/inAMinute))
	}
	if len(slow) != dedupFirst {
		t.Error("the table grew for what is old")
	}
}
