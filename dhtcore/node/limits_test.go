package node_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// nobody is an address where no one listens.
func nobody(i int) wire.Contact {
	ip := netip.AddrFrom4([4]byte{10, 9, byte(i >> 8), byte(i)})
	return wire.Contact{Addr: netip.AddrPortFrom(ip, 6881)}
}

func (r *rig) pings(n int, to func(int) wire.Contact) time.Duration {
	began := time.Now()
	for i := range n {
		r.node.Ping(context.Background(), to(i)) //nolint:errcheck // nobody answers
	}
	return time.Since(began)
}

func TestTheGovernorHoldsBackPacketsBytesAndNewDestinations(t *testing.T) {
	same := func(int) wire.Contact { return nobody(0) }
	for name, c := range map[string]struct {
		limits node.Limits
		to     func(int) wire.Contact
		want   time.Duration
	}{
		"packets":                       {node.Limits{Packets: 10}, same, time.Second},    // 15 less a burst of 5
		"bytes":                         {node.Limits{Bytes: 1100}, same, time.Second},    // 10 queries/s, the same burst
		"new destinations":              {node.Limits{New: 20}, nobody, 30 * time.Second}, // 15 less a burst of 5, one in 3 s
		"known destinations are no new": {node.Limits{New: 20}, same, 0},
		"no limit":                      {node.Limits{}, nobody, 0},
	} {
		onAir(t, node.Config{Limits: c.limits, Timeout: time.Nanosecond}, func(r *rig) {
			if took := r.pings(15, c.to); took < c.want*95/100 || took > c.want*105/100+time.Microsecond {
				t.Errorf("%s: 15 queries took %s, want %s", name, took, c.want)
			}
		})
	}
}

func TestOnePublicIPIsAskedTwiceASecondWhateverItsPorts(t *testing.T) {
	ports := func(i int) wire.Contact {
		return wire.Contact{Addr: netip.AddrPortFrom(netip.MustParseAddr("8.8.8.8"), uint16(1000+i))}
	}
	many := func(i int) wire.Contact {
		return wire.Contact{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{8, 8, byte(i), 8}), 6881)}
	}
	local := func(int) wire.Contact { return nobody(0) }
	for name, c := range map[string]struct {
		limits node.Limits
		to     func(int) wire.Contact
		want   time.Duration
	}{
		"one IP":      {node.Limits{Packets: 1e6}, ports, 5 * time.Second}, // 20 less a burst of 10
		"many IPs":    {node.Limits{Packets: 1e6}, many, 0},
		"a local IP":  {node.Limits{Packets: 1e6}, local, 0},
		"limits lift": {node.Limits{}, ports, 0},
	} {
		onAir(t, node.Config{Limits: c.limits, Timeout: time.Nanosecond}, func(r *rig) {
			if took := r.pings(20, c.to); took < c.want || took > c.want+time.Millisecond {
				t.Errorf("%s: 20 queries took %s, want %s", name, took, c.want)
			}
			if name != "one IP" {
				return
			}
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
			defer cancel()
			began := time.Now()
			if _, err := r.node.Ping(ctx, ports(0)); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 0 {
				t.Errorf("with no time to wait: %v after %s", err, time.Since(began))
			}
			time.Sleep(5 * time.Second)
			if took := r.pings(10, c.to); took > time.Millisecond {
				t.Errorf("after a pause 10 queries took %s", took)
			}
		})
	}
}

func TestALargeQueryCountsWithAllItsBytes(t *testing.T) {
	limits := node.Limits{Bytes: 1000} // 500 of them at once
	onAir(t, node.Config{Limits: limits, Timeout: time.Nanosecond}, func(r *rig) {
		put := wire.Query{Method: wire.Put, Token: []byte("token"), Item: &wire.Item{Value: make([]byte, wire.MaxValue)}}
		began := time.Now()
		const puts = 5
		for range puts {
			r.node.Query(context.Background(), nobody(0), put) //nolint:errcheck // nobody answers
		}
		took := time.Since(began)
		each := float64(r.node.Stats().BytesOut) / puts
		want := time.Duration((each*(puts-1) + 110 - 500) / 1000 * float64(time.Second)) // the last of them is not paid for yet
		if took < want*99/100 || took > want*101/100 {
			t.Errorf("%d puts of %.0f bytes took %s, want %s", puts, each, took, want)
		}
	})
}

func TestTheGovernorSlowsDownWhileNobodyAnswersAndRecovers(t *testing.T) {
	onAir(t, node.Config{Limits: node.Limits{Packets: 100}, Timeout: time.Millisecond}, func(r *rig) {
		r.pings(400, nobody)
		if pps := r.node.Limits().Packets; pps != 25 {
			t.Errorf("%v packets/s after nothing but silence, want a quarter of 100", pps)
		}
		go func() {
			for packet := range r.inbox {
				var m wire.Message
				if wire.Scan([]byte(packet), &m) == nil && m.Kind == wire.KindQuery {
					r.conn.WriteBatch([]node.Packet{{Buf: []byte(reply(string(m.TID))), Addr: nodeAddr}}) //nolint:errcheck // never fails
				}
			}
		}()
		r.pings(1000, func(int) wire.Contact { return wire.Contact{ID: foreignID, Addr: foreignAddr} })
		if pps := r.node.Limits().Packets; pps != 100 {
			t.Errorf("%v packets/s after a while of answers, want all of 100", pps)
		}
	})
}

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
