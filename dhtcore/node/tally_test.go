package node

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

func TestTheVotesAreCountedByAddress(t *testing.T) {
	now := time.Now()
	var v votes
	home, other := netip.MustParseAddrPort("203.0.113.7:6881"), netip.MustParseAddrPort("198.51.100.9:6881")
	for i := range 5 {
		as := home
		if i == 0 {
			as = other
		}
		v.cast(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), as, now)
	}
	if got, want := v.tallies(now), []AddrTally{{home, 4}, {other, 1}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := v.tallies(now.Add(voteFor)); len(got) > 0 {
		t.Errorf("votes that have lapsed count: %v", got)
	}
}
