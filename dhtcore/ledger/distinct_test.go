package ledger

import (
	"math"
	"net/netip"
	"testing"
)

func TestSourcesAreAddressesAndPeersAreAddressesWithPorts(t *testing.T) {
	l, hash := New(), hashOf(1)
	for _, addr := range []string{"8.8.8.8:1", "8.8.8.8:2", "[::ffff:8.8.8.8]:1", "[2001:db8::1]:1", "[2001:db8::1]:2", "8.8.8.8:1"} {
		l.See(Announced, hash, netip.MustParseAddrPort(addr), 0, start(l))
	}
	l.See(Sampled, hash, netip.MustParseAddrPort("9.9.9.9:9"), 0, start(l))
	if r := row(t, l, hash, start(l)); r.Sources != 2 || r.Peers != 4 {
		t.Errorf("%d sources and %d peers, want 2 and 4", r.Sources, r.Peers)
	}
}

func TestDistinctSourcesAreExactWhileFewAndNearlySoBeyond(t *testing.T) {
	l, hash := New(), hashOf(1)
	for i := range 200_000 / shrunk {
		l.See(Requested, hash, addrOf(i), 0, start(l))
		l.See(Requested, hash, addrOf(i/2), 0, start(l))
		n := i + 1
		if n > 2*exactUpTo && n%1999 != 0 {
			continue
		}
		switch got := row(t, l, hash, start(l)).Sources; {
		case n <= exactUpTo && got != n:
			t.Fatalf("%d sources are counted as %d", n, got)
		case math.Abs(float64(got-n)) > 0.03*float64(n):
			t.Fatalf("%d sources are counted as %d", n, got)
		}
	}
}
