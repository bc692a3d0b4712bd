package ledger

import (
	"net/netip"
	"slices"
	"testing"
	"time"
)

func TestNamesComeInTheOrderOfTheHashes(t *testing.T) {
	l := New()
	hashes := [][20]byte{{1}, {2}, {3}}
	if got := l.NamesOf(hashes); !slices.Equal(got, []string{"", "", ""}) {
		t.Errorf("names of nothing: %q", got)
	}
	for _, h := range hashes[:2] {
		l.See(Requested, h, netip.MustParseAddrPort("10.0.0.1:6881"), 0, time.Now())
	}
	l.Name(hashes[1], "b")
	if got := l.NamesOf(hashes); !slices.Equal(got, []string{"", "b", ""}) {
		t.Errorf("names: %q", got)
	}
}
