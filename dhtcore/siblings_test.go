package dhtcore

import (
	"context"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

var home6 = netip.MustParseAddrPort("[2a01:db9::1]:6881")

// dualStack is an Explorer of both address families among nodes of both, which knows of one address only.
type dualStack struct {
	*away
	wants [2]atomic.Int64 // queries to the others that name families, by ours: of IPv4 and of IPv6
	plain [2]atomic.Int64 // queries to them that do not
}

// startDualStack runs an Explorer that joins count dual-stack nodes through the address of one of them in a family.
// configure changes what is to be changed before that.
func startDualStack(t *testing.T, count int, through wire.Family, configure func(d *dualStack)) *dualStack {
	t.Helper()
	d := &dualStack{away: &away{mem: simnet.NewMemnet(0, 1)}}
	var nodes [2][]*node.Node
	for i := range count {
		for family, ip := range [...]netip.Addr{netip.AddrFrom4([4]byte{45, byte(10 + i), 7, 9}),
			netip.AddrFrom16([16]byte{0: 0x2a, 1: 0x01, 5: byte(i), 7: 1, 15: 9})} {
			addr := netip.AddrPortFrom(ip, 6881)
			conn, err := d.mem.Listen(addr)
			if err != nil {
				t.Fatal(err)
			}
			nodes[family] = append(nodes[family], node.New(node.Config{ID: wire.MakeSecure(wire.RandomID(), ip), PublicIP: ip, Conn: conn,
				Tap: func(way wire.Direction, p node.Packet) { d.see(family, way, p) }}))
		}
		nodes[0][i].SetSibling(nodes[1][i])
		nodes[1][i].SetSibling(nodes[0][i])
	}
	ctx, cancel := context.WithCancel(context.Background())
	running := make(chan struct{}, 2*count+1)
	for _, family := range nodes {
		var all []wire.Contact
		for _, n := range family {
			all = append(all, wire.Contact{ID: n.ID(), Addr: n.Addr()})
		}
		for _, n := range family {
			n.Vouch(all)
			go func() { n.Run(ctx); running <- struct{}{} }() //nolint:errcheck // ends with the test
		}
	}
	var err error
	d.Explorer, err = openOn(func(addr netip.AddrPort, _ int) (node.Conn, error) { return d.mem.Listen(addr) },
		Config{Bind: []netip.Addr{home.Addr(), home6.Addr()}, Port: home.Port(), Bootstrap: []string{nodes[through][0].Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	configure(d)
	go func() {
		if err := d.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
		running <- struct{}{}
	}()
	t.Cleanup(func() {
		cancel()
		for range cap(running) {
			<-running
		}
	})
	return d
}

// see counts the queries of the Explorer.
func (d *dualStack) see(family int, way wire.Direction, p node.Packet) {
	var m wire.Message
	if way != wire.In || p.Addr != home && p.Addr != home6 || wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery {
		return
	}
	if m.Want != 0 {
		d.wants[family].Add(1)
	} else {
		d.plain[family].Add(1)
	}
}

func (d *dualStack) wanted() int64 { return d.wants[0].Load() + d.wants[1].Load() }

// BEP 32: a node asks for both families while it bootstraps, and for its own afterwards.
func TestADualStackNodeThatJoinsThroughOneFamilyMeetsBoth(t *testing.T) {
	for _, through := range []wire.Family{IPv4, IPv6} {
		synctest.Test(t, func(t *testing.T) {
			d := startDualStack(t, 20, through, func(*dualStack) {})
			d.until(t, "nodes of both families", 10*time.Second, func(s *Snapshot) bool {
				return s.Nodes[0].Good >= enoughGood && s.Nodes[1].Good >= enoughGood
			})
			time.Sleep(time.Minute)
			bootstrapping := d.wanted()
			if bootstrapping == 0 || d.plain[0].Load() == 0 || d.plain[1].Load() == 0 {
				t.Errorf("through %s: %d queries for both families, %d and %d for their own", through, bootstrapping,
					d.plain[0].Load(), d.plain[1].Load())
			}
			before := [2]int64{d.plain[0].Load(), d.plain[1].Load()}
			if l := d.Lookup(t.Context(), ID{1, 2, 3}); l.Ending.String() != "completed" || len(l.Closest) != 16 {
				t.Errorf("through %s: a lookup found %d nodes: %s", through, len(l.Closest), l.Ending)
			}
			time.Sleep(20 * time.Minute) // of refreshing buckets
			if later := d.wanted(); later != bootstrapping {
				t.Errorf("through %s: %d queries for both families when both are known", through, later-bootstrapping)
			}
			if d.plain[0].Load() == before[0] || d.plain[1].Load() == before[1] {
				t.Errorf("through %s: a family is not asked any more", through)
			}
			for _, v := range d.vantages.list {
				if s := v.Stats(); s.SendFailed != 0 {
					t.Errorf("through %s: %d packets of %s were refused", through, s.SendFailed, v.family)
				}
			}
		})
	}
}

func TestAHostWithoutIPv6SoonCeasesToLookForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := startDualStack(t, 20, IPv4, func(d *dualStack) { d.mem.Cut(home6, refuses(syscall.ENETUNREACH)) })
		d.until(t, "network", 10*time.Second, func(s *Snapshot) bool { return s.Phase == Serving && s.Nodes[0].Good >= enoughGood })
		time.Sleep(5 * time.Minute)
		before := d.wanted()
		if l := d.Lookup(t.Context(), ID{1, 2, 3}); l.Ending.String() != "completed" {
			t.Errorf("a lookup ended by %s", l.Ending)
		}
		if n := d.wanted() - before; n != 0 {
			t.Errorf("a lookup asks %d times for a family that is away", n)
		}
		time.Sleep(20 * time.Minute)
		if n := d.wanted() - before; n > 150 {
			t.Errorf("%d queries for both families within 20 minutes", n)
		}
	})
}
