package dhtcore

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

// privateNetwork are nodes of a network of their own that join through the first of them.
type privateNetwork []*Explorer

// openPrivate opens n nodes at the ports of one address.
func openPrivate(t *testing.T, n int) (p privateNetwork) {
	t.Helper()
	mem := simnet.NewMemnet(0, 1)
	for i := range n {
		addr := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(6881+i))
		bootstrap := []string{"127.0.0.1:6881"}
		if i == 0 {
			bootstrap = []string{}
		}
		e, err := openOn(func(at netip.AddrPort, _ int) (node.Conn, error) { return mem.Listen(at) },
			Config{Bind: []netip.Addr{addr.Addr()}, Port: addr.Port(), Bootstrap: bootstrap})
		if err != nil {
			t.Fatal(err)
		}
		p = append(p, e)
	}
	return p
}

// lost returns how many pairs of nodes there are of which one cannot find the other, as a lookup would: from table to
// table towards it.
func (p privateNetwork) lost() (lost int) {
	byAddr := make(map[netip.AddrPort]*vantage)
	for _, e := range p {
		byAddr[e.vantages.list[0].Addr()] = e.vantages.list[0]
	}
	for _, from := range byAddr {
		for _, to := range byAddr {
			target := to.ID()
			asked := map[netip.AddrPort]bool{from.Addr(): true}
			known := from.Closest(to.ID(), wire.IDBits)
			for {
				slices.SortFunc(known, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
				known = slices.Compact(known)
				i := slices.IndexFunc(known[:min(len(known), 8)], func(c wire.Contact) bool { return !asked[c.Addr] })
				if i < 0 {
					break
				}
				asked[known[i].Addr] = true
				known = append(known, byAddr[known[i].Addr].Closest(to.ID(), 8)...)
			}
			if !asked[to.Addr()] {
				lost++
			}
		}
	}
	return lost
}

func TestAPrivateNetworkThatStartsAtOnceIsCompleteWithinTenSeconds(t *testing.T) {
	for _, n := range []int{2, 9, 30} {
		t.Run(fmt.Sprint(n, " nodes"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := openPrivate(t, n)
				ctx, cancel := context.WithCancel(context.Background())
				var running sync.WaitGroup
				for _, e := range p {
					running.Go(func() {
						if err := e.Run(ctx); err != nil {
							t.Errorf("Run: %v", err)
						}
					})
				}
				time.Sleep(10 * time.Second)
				if lost := p.lost(); lost > 0 {
					t.Errorf("%d pairs of nodes do not find each other", lost)
				}
				for i, e := range p {
					if good, _, _ := e.vantages.list[0].Count(time.Now()); good < min(n-1, enoughGood) {
						t.Errorf("node %d knows %d good nodes", i, good)
					}
				}
				cancel()
				running.Wait()
			})
		})
	}
}
