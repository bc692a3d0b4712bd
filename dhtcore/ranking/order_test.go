package ranking

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/wire"
)

// crowd is a ledger of fewer hashes than a Snapshot carries, in which every column differs from hash to hash.
func crowd() (l *ledger.Ledger, now time.Time) {
	r := rand.New(rand.NewPCG(5, 6))
	l, now = ledger.New(), time.Now()
	for i := range 3000 {
		hash := wire.ID{byte(r.IntN(200)), 19: 1}
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 8), byte(r.IntN(4)), byte(i)}), 6881)
		l.See(ledger.Kind(r.IntN(4)), hash, addr, r.IntN(4), now.Add(time.Duration(i-3000)*3*time.Second))
		switch i % 9 {
		case 0:
			l.Name(hash, fmt.Sprint("name ", r.IntN(1000)))
		case 1:
			l.Swarm(hash, r.IntN(90), r.IntN(90))
		}
	}
	twin := wire.ID{7, 9: 1, 19: 1} // looks like wire.ID{7, 19: 1}
	l.See(ledger.Requested, twin, netip.MustParseAddrPort("10.9.9.9:1"), 0, now)
	return l, now
}

func TestAnOrderSortsTheTopAsTheLedgerSortsAll(t *testing.T) {
	l, now := crowd()
	r := NewHashes(l)
	var top []ledger.HashRow
	for range 200 { // it looks for related hashes little by little
		top = l.Top(MaxHashes, now)
	}
	before := slices.Clone(top)
	for column := range ledger.Columns {
		for i := range 4 * int(Windows) {
			o := Order{Column: column, Ascending: i&1 != 0, Related: i&2 != 0, Window: Window(i / 4)}
			got, want := o.Apply(top), r.rows(o, now)
			if len(got) == 0 || o.Related && len(got) != 2 && o.Column != ledger.ByRate && o.Window == AllTime {
				t.Errorf("%+v: %d rows", o, len(got))
			}
			if !slices.EqualFunc(got, want, func(a, b ledger.HashRow) bool { return a.InfoHash == b.InfoHash && a.Rank == b.Rank }) {
				t.Errorf("%+v: the top is not sorted as all are", o)
			}
		}
	}
	if !slices.Equal(top, before) {
		t.Error("the Snapshot's rows were changed")
	}
	if got := (Order{}).Apply(top); !slices.Equal(got, top) {
		t.Error("the zero Order is not that of the top")
	}
}
