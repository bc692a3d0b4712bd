package node_test

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// One source sends 20,000 packets/s for five seconds while ten others ask ten questions a second.
func TestAFloodIsBlockedAndTheOthersAreAnswered(t *testing.T) {
	limits := node.Limits{InboundPerSource: 50, Inbound: 2000}
	onAir(t, node.Config{Limits: limits}, func(r *rig) {
		honest := make([]foreign, 10)
		for i := range honest {
			honest[i] = r.newForeign(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 1, byte(i)}), 6881))
		}
		flood := []node.Packet{{Buf: []byte(query("get_peers", infoHash(someHash))), Addr: nodeAddr}}
		asked, answered := 0, 0
		for tick := range 5000 { // of a millisecond
			for range 20 {
				r.conn.WriteBatch(flood) //nolint:errcheck // never fails
			}
			if tick%100 == 0 {
				for _, h := range honest {
					h.conn.WriteBatch([]node.Packet{{Buf: []byte(query("ping", "")), Addr: nodeAddr}}) //nolint:errcheck // never fails
					asked++
				}
			}
			time.Sleep(time.Millisecond)
			synctest.Wait()
			for _, h := range honest {
				answered += replies(h)
			}
			for len(r.inbox) > 0 {
				<-r.inbox
			}
		}
		if answered < asked*99/100 {
			t.Errorf("%d of %d honest questions were answered", answered, asked)
		}
		s := r.node.Stats()
		if s.Flooded < 99_000 {
			t.Errorf("%d packets of the flood were dropped unread", s.Flooded)
		}
		if b := r.node.Blocked(time.Now()); len(b) != 1 || b[0] != foreignAddr {
			t.Errorf("blocked %v", b)
		}
		blocks := 0
		for _, e := range r.events {
			if e.Kind == node.SourceBlocked && e.From.Addr == foreignAddr {
				blocks++
			}
		}
		if blocks != 1 {
			t.Errorf("the block was told %d times", blocks)
		}
		time.Sleep(6 * time.Minute)
		if b := r.node.Blocked(time.Now()); len(b) != 0 {
			t.Errorf("still blocked after six quiet minutes: %v", b)
		}
	})
}

func TestAFloodFromOneIPv6NetworkIsThatOfOneSource(t *testing.T) {
	at, network := netip.MustParseAddrPort("[2a00:5::1]:6881"), netip.MustParseAddr("2a00:1:2:3::")
	onAirAt(t, at, node.Config{Limits: node.Limits{InboundPerSource: 10}}, func(r *rig) {
		ip := network
		for range 50 {
			ip = ip.Next()
			r.foreign = r.newForeign(netip.AddrPortFrom(ip, 6881))
			for range 12 {
				r.send(query("ping", ""))
			}
		}
		if b := r.node.Blocked(time.Now()); len(b) != 1 || b[0] != netip.AddrPortFrom(network, 0) {
			t.Errorf("blocked %v", b)
		}
		if s := r.node.Stats(); s.Flooded < 500 {
			t.Errorf("%d packets dropped unread", s.Flooded)
		}
	})
}

// replies takes the answers that wait for f and counts them.
func replies(f foreign) (n int) {
	for len(f.inbox) > 0 {
		var m wire.Message
		if wire.Scan([]byte(<-f.inbox), &m) == nil && m.Kind == wire.KindReply {
			n++
		}
	}
	return n
}

func TestABurstOfAnHonestNodeIsNoFlood(t *testing.T) {
	onAir(t, node.Config{Limits: node.DefaultLimits()}, func(r *rig) {
		for range 200 {
			r.send(query("ping", ""))
		}
		if s := r.node.Stats(); s.Flooded != 0 || len(r.node.Blocked(time.Now())) != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

func TestAnswersHaveABudgetOfTheirOwn(t *testing.T) {
	onAir(t, node.Config{Limits: node.Limits{Inbound: 10}}, func(r *rig) {
		for range 50 {
			r.send(query("ping", ""))
		}
		if s := r.node.Stats(); s.OverBudget != 40 {
			t.Errorf("%d queries over budget, want 40", s.OverBudget)
		}
	})
}
