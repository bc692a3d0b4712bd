package peers

import (
	"net/netip"
	"testing"
	"time"
)

func TestMembersAreThePeersOfASwarm(t *testing.T) {
	s := New(Config{})
	now, hash := time.Now(), [20]byte{1}
	six, four := netip.MustParseAddrPort("[2001:db8::1]:6881"), netip.MustParseAddrPort("198.51.100.7:51413")
	s.Announce(hash, six, false, Tracker, now)
	s.Announce(hash, four, true, DHT, now.Add(3*time.Second))
	s.Announce([20]byte{2}, netip.MustParseAddrPort("198.51.100.8:1"), true, DHT, now)
	got := s.AppendMembers(nil, hash, 10)
	if len(got) != 2 || got[0].Addr != four || !got[0].Seed || got[0].Source != DHT || got[1].Addr != six || got[1].Seed ||
		got[0].At.Sub(got[1].At).Round(time.Second) != 3*time.Second || now.Sub(got[1].At).Abs() > time.Second {
		t.Errorf("got %+v", got)
	}
	if got := s.AppendMembers(got[:1], hash, 1); len(got) != 2 {
		t.Errorf("%d members, want the one that there was and one more", len(got))
	}
	if got := s.AppendMembers(nil, [20]byte{9}, 10); got != nil {
		t.Errorf("an unknown hash has %v", got)
	}
}
