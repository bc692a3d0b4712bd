package ledger

import (
	"math"
	"testing"
	"unsafe"
)

func TestAnAccountFillsACacheLine(t *testing.T) {
	if size := unsafe.Sizeof(account{}); size != 64 {
		t.Errorf("%d bytes", size)
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
