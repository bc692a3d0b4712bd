package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
)

// newcomers are Explorers that know nobody and look something up at once, in a network with round trips of 50 to 150 ms.
type newcomers struct {
	*testing.T
	*simnet.Network
	mem    *simnet.Memnet
	opened byte
}

// asNewcomers runs a test on a network of 300 nodes, 30 % of them dead.
func asNewcomers(t *testing.T, test func(n *newcomers)) {
	synctest.Test(t, func(t *testing.T) {
		n := &newcomers{T: t, mem: simnet.NewMemnet(0, 1)}
		var err error
		n.Network, err = simnet.InMemory(simnet.Config{Nodes: 300, Seed: 5, Dead: 0.3, MinRTT: 50 * time.Millisecond, MaxRTT: 150 * time.Millisecond}, n.mem)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { n.Network.Run(ctx, testnet.Demand{}) })
		test(n)
		cancel()
		running.Wait()
	})
}

// host is a bootstrap host, one of the members.
func (n *newcomers) host(i int) string { return n.Contacts()[i].Addr.String() }

// with has an Explorer with such hosts do something before it has joined. change may change it before it runs.
func (n *newcomers) with(hosts []string, change func(*Explorer), do func(ctx context.Context, e *Explorer)) {
	n.Helper()
	n.opened++
	e, err := openOn(func(at netip.AddrPort, _ int) (node.Conn, error) { return n.mem.Listen(at) },
		Config{Bind: []netip.Addr{netip.AddrFrom4([4]byte{10, 200, n.opened, 1})}, Port: 6881, Bootstrap: hosts})
	if err != nil {
		n.Fatal(err)
	}
	if change != nil {
		change(e)
	}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { e.Run(ctx) }) //nolint:errcheck // ends with the test
	defer running.Wait()
	defer stop()
	do(ctx, e)
}

// lookUp looks hash up. first is when the first peer came, 0 for never.
func (n *newcomers) lookUp(hash ID, hosts []string, change func(*Explorer)) (s LookupState, first time.Duration) {
	n.Helper()
	n.with(hosts, change, func(ctx context.Context, e *Explorer) {
		began := time.Now()
		s = e.LookupEach(ctx, hash, func(Peer) {
			if first == 0 {
				first = time.Since(began)
			}
		})
	})
	return s, first
}

func TestALookupDoesNotWaitUntilTheNetworkIsJoined(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		const lookups = 12
		var firsts []time.Duration
		closest := 0
		for i := range lookups {
			hash := testnet.InfoHash(7, i)
			n.Plant(hash, 30)
			s, first := n.lookUp(hash, []string{n.host(3 * i), n.host(3*i + 1), n.host(3*i + 2)}, nil)
			firsts = append(firsts, first)
			for _, c := range n.Closest(hash, lookup.DefaultK) {
				if slices.ContainsFunc(s.Closest, func(step lookup.Step) bool { return step.ID == c.ID }) {
					closest++
				}
			}
		}
		slices.Sort(firsts)
		if firsts[0] == 0 || firsts[lookups/2] > 300*time.Millisecond { // joining alone takes as long
			t.Errorf("the first peers came after %v", firsts)
		}
		if closest < lookups*lookup.DefaultK*95/100 {
			t.Errorf("found %d of %d closest nodes", closest, lookups*lookup.DefaultK)
		}
	})
}

func TestALookupOfANewcomerDoesNotWaitForASlowHost(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		hash := testnet.InfoHash(8, 0)
		n.Plant(hash, 30)
		slowDNS := func(e *Explorer) {
			e.joiner.resolve = func(ctx context.Context, host string, f Family) ([]netip.AddrPort, error) {
				if host == "slow.invalid:1" && !pauseFor(ctx, resolveTimeout) {
					return nil, ctx.Err()
				}
				return resolve(ctx, n.host(0), f)
			}
		}
		if _, first := n.lookUp(hash, []string{"slow.invalid:1", n.host(0)}, slowDNS); first == 0 || first > time.Second {
			t.Errorf("the first peer came after %v", first)
		}
	})
}

func TestALookupOfANewcomerWithoutANetworkSaysWhyItFails(t *testing.T) {
	asNewcomers(t, func(n *newcomers) {
		nobody := "10.0.0.250:6881"
		if s, _ := n.lookUp(testnet.InfoHash(9, 0), []string{nobody}, nil); s.Replied > 0 || s.Err == "" {
			t.Errorf("%d replied; error %q", s.Replied, s.Err)
		} else if took := s.Elapsed; took > lookupTimeout {
			t.Errorf("it waited %v", took)
		} else {
			t.Log(took, s.Err)
		}
	})
}
