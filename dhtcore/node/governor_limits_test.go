package node_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"
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

func TestLimitsThatAreScaledHoldAtOnce(t *testing.T) {
	same := func(int) wire.Contact { return nobody(0) }
	for name, c := range map[string]struct {
		limits node.Limits
		to     func(int) wire.Contact
		scale  float64
		want   time.Duration // of 12 queries after the burst is spent: too few in all for a review
	}{
		"packets, faster":          {node.Limits{Packets: 10}, same, 2, 600 * time.Millisecond},
		"packets, slower":          {node.Limits{Packets: 10}, same, 0.5, 2400 * time.Millisecond},
		"bytes, faster":            {node.Limits{Bytes: 1100}, same, 2, 600 * time.Millisecond},
		"new destinations, slower": {node.Limits{New: 20}, nobody, 0.5, 72 * time.Second},
		"lifted limits stay so":    {node.Limits{}, nobody, 0.5, 0},
	} {
		onAir(t, node.Config{Limits: c.limits, Timeout: time.Nanosecond}, func(r *rig) {
			r.pings(5, func(i int) wire.Contact { return c.to(1000 + i) })
			r.node.ScaleLimits(c.scale)
			if took := r.pings(12, c.to); took < c.want*95/100 || took > c.want*105/100+time.Microsecond {
				t.Errorf("%s: 12 queries took %s, want %s", name, took, c.want)
			}
			if got, want := r.node.Limits().Packets, c.limits.Packets*c.scale; got != want {
				t.Errorf("%s: %v packets/s are in force, want %v", name, got, want)
			}
		})
	}
}
