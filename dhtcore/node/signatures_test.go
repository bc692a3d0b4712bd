package node

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestSignaturesAreCheckedByAFewWhileAFewWait(t *testing.T) {
	synctest.Test(t, func(*testing.T) {
		var s signatures
		var checking, most, checked atomic.Int64
		check := func(put) {
			if now := checking.Add(1); now > most.Load() {
				most.Store(now)
			}
			time.Sleep(time.Second)
			checking.Add(-1)
			checked.Add(1)
		}
		taken := 0
		for range 1000 {
			if s.add(put{from: wire.Contact{ID: wire.RandomID()}}, check) {
				taken++
			}
			synctest.Wait()
		}
		if taken != maxUnchecked+maxCheckers {
			t.Errorf("%d of 1,000 were taken", taken)
		}
		s.running.Wait()
		if checked.Load() != int64(taken) || most.Load() != maxCheckers || s.workers != 0 {
			t.Errorf("%d were checked, %d at once, %d workers are left", checked.Load(), most.Load(), s.workers)
		}
		if !s.add(put{}, check) {
			t.Error("none is taken afterwards")
		}
		s.running.Wait()
	})
}

// noConn is the socket of a node that is never run.
type noConn struct{ Conn }

func (noConn) LocalAddr() netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:6881") }

func TestAPutThatTooManyWaitBeforeIsDroppedAndCounted(t *testing.T) {
	n := New(Config{ID: wire.RandomID(), Conn: noConn{}})
	n.signatures.waiting, n.signatures.workers = make([]put, maxUnchecked), maxCheckers
	from, now := publicContact(1), time.Now()
	token := n.tokens.of(from.Addr.Addr(), now, 0)
	it := wire.Item{Value: []byte("5:value"), Key: make([]byte, 32), Sig: make([]byte, 64), HasSeq: true}
	packet := wire.AppendQuery(nil, from.ID, []byte("aa"), false, &wire.Query{Method: wire.Put, Token: token[:], Item: &it})
	answer := n.readers[0].packet(nil, packet, from.Addr, now)
	if s := n.Stats(); len(answer) != 0 || s.Unchecked != 1 || len(n.signatures.waiting) != maxUnchecked {
		t.Errorf("answered with %q, %d dropped, %d wait", answer, s.Unchecked, len(n.signatures.waiting))
	}
	immutable := wire.Item{Value: []byte("5:value")} // has no signature to wait for
	packet = wire.AppendQuery(packet[:0], from.ID, []byte("aa"), false, &wire.Query{Method: wire.Put, Token: token[:], Item: &immutable})
	if answer := n.readers[0].packet(nil, packet, from.Addr, now); len(answer) == 0 || n.Stats().Methods[wire.Put].RepliesOut != 1 {
		t.Errorf("an immutable item is answered with %q", answer)
	}
}
