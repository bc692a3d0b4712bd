package ledger

import (
	"math"
	"net/netip"
	"testing"
	"unsafe"
)

func TestAnAccountFillsACacheLine(t *testing.T) {
	if size := unsafe.Sizeof(account{}); size != 64 {
		t.Errorf("%d bytes", size)
	}
}

func TestAHashTakesAtMostAHundredBytes(t *testing.T) {
	const hashes = 100_000
	for name, see := range map[string]func(l *Ledger, i int){
		"requested": func(l *Ledger, i int) { l.See(Requested, hashOf(i), addrOf(i), 0, start(l)) },
		"announced": func(l *Ledger, i int) { l.See(Announced, hashOf(i), addrOf(i), 0, start(l)) },
		"sampled":   func(l *Ledger, i int) { l.See(Sampled, hashOf(i), netip.AddrPort{}, 0, start(l)) },
	} {
		l := New()
		before := heap()
		for i := range hashes {
			see(l, i)
			if i%10 == 0 {
				for j := range 3 {
					l.See(Requested, hashOf(i), addrOf(j), 0, start(l))
				}
			}
		}
		if each := (heap() - before) / hashes; each > 100 {
			t.Errorf("%s: %d bytes a hash", name, each)
		}
		if n := l.changes.lists[0].n + l.changes.lists[1].n; n != 0 {
			t.Errorf("%d changes are kept for nobody", n)
		}
	}
}

func TestACountStopsAtItsMaximum(t *testing.T) {
	n := uint32(math.MaxUint32 - 1)
	for range 3 {
		addCount(&n, 1)
	}
	if n != math.MaxUint32 {
		t.Errorf("%d", n)
	}
	if addCount(&n, math.MaxUint64); n != math.MaxUint32 {
		t.Errorf("%d", n)
	}
}
