package ledger

import (
	"net/netip"
	"reflect"
	"testing"
	"time"
)

func TestSeeAllIsSeeOfEach(t *testing.T) {
	now := time.Now()
	var all []Sighting
	for i := range 500 { // more than wait to be counted, of hashes that come again
		s := Sighting{Kind: Kind(i % int(kinds)), Hash: [20]byte{0: byte(i % 37)}, Vantage: i % 3, At: now.Add(time.Duration(i) * time.Second), Proven: i%2 == 0}
		s.Addr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{9, 9, byte(i % 11), byte(i % 5)}), 6881)
		all = append(all, s)
	}
	one, batch := NewAt(now), NewAt(now)
	var fresh []bool
	for _, s := range all {
		see := one.SeeUnproven
		if s.Proven {
			see = one.See
		}
		fresh = append(fresh, see(s.Kind, s.Hash, s.Addr, s.Vantage, s.At))
	}
	batch.SeeAll(all)
	for i, s := range all {
		if s.Fresh != fresh[i] {
			t.Errorf("sighting %d: fresh %v, want %v", i, s.Fresh, fresh[i])
		}
	}
	end := now.Add(500 * time.Second)
	for i := range byte(37) {
		got, _ := batch.Row([20]byte{i}, end)
		if want, known := one.Row([20]byte{i}, end); !known || !reflect.DeepEqual(got, want) {
			t.Errorf("hash %d: %+v, want %+v", i, got, want)
		}
	}
	if got, want := batch.Totals(), one.Totals(); got != want {
		t.Errorf("totals %+v, want %+v", got, want)
	}
}
