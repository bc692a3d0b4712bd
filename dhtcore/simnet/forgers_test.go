package simnet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

const (
	forgedBits   = 40 // that the ID of a forger shares with the hash, more than any honest node
	forgedSwarms = 20 // a number of forgers is tried on so many swarms
	forgedPeers  = 5  // of a swarm
	ourPort      = 7777
)

// siege is a swarm and the forgers that have taken the place next to its hash: nodes whose IDs BEP 42 does not allow,
// all in different networks. They give tokens, take announces, hold no peers and name only each other.
type siege struct {
	hash    wire.ID
	forgers int
	swarm   []netip.AddrPort
	holders []*testnet.Member // the 8 closest nodes that are honest

	state lookup.State
}

// forgedNetwork is a network of honest nodes with valid IDs at public addresses, under some sieges, and a newcomer.
type forgedNetwork struct {
	*Network
	mem     *Memnet
	rng     *rand.Rand
	sieges  []*siege
	forgers []*testnet.Hostile
	us      *node.Node
	shared  *lookup.Shared
}

func newForgedNetwork(t *testing.T, honest int, seed uint64, sieges []*siege) *forgedNetwork {
	t.Helper()
	n := &forgedNetwork{mem: NewMemnet(0, seed), rng: testnet.NewRand(seed + 1), sieges: sieges, shared: lookup.NewShared()}
	var err error
	n.Network, err = InMemory(Config{Nodes: honest, Seed: seed, MinRTT: 20 * time.Millisecond, MaxRTT: 90 * time.Millisecond, Public: true}, n.mem)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sieges {
		n.plant(s)
		n.surround(t, s)
	}
	conn, err := n.mem.Listen(netip.MustParseAddrPort("95.1.2.3:6881"))
	if err != nil {
		t.Fatal(err)
	}
	n.us = node.New(node.Config{ID: testnet.DrawID(n.rng), Conn: conn})
	return n
}

// plant gives the swarm its peers, each of which has announced itself to each of the holders with probability 0.8.
func (n *forgedNetwork) plant(s *siege) {
	s.holders = n.Holders(s.hash)
	for i := range forgedPeers {
		p := netip.AddrPortFrom(netip.AddrFrom4([4]byte{96, s.hash[0], s.hash[1], byte(i + 1)}), uint16(5000+i))
		s.swarm = append(s.swarm, p)
		s.holders[i%holders].Peers.Announce(s.hash, p, false, peers.DHT, time.Now())
		for _, m := range s.holders {
			if n.rng.Float64() < announceOdds {
				m.Peers.Announce(s.hash, p, false, peers.DHT, time.Now())
			}
		}
	}
}

// surround adds the forgers of a siege, which the honest nodes know like any others.
func (n *forgedNetwork) surround(t *testing.T, s *siege) {
	t.Helper()
	var band []*testnet.Hostile
	for i := range s.forgers {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{byte(100 + i), byte(n.rng.Uint32()), byte(n.rng.Uint32()), 1}), 6881)
		conn, err := n.mem.Listen(addr)
		if err != nil {
			t.Fatal(err)
		}
		id := testnet.DrawID(n.rng)
		copy(id[:forgedBits/8], s.hash[:])
		own := testnet.NewRand(n.rng.Uint64())
		band = append(band, testnet.NewHostile(id, conn, func(wire.ID) wire.Contact { return band[own.IntN(len(band))].Contact }))
		n.Include(band[i].Contact)
	}
	n.forgers = append(n.forgers, band...)
}

// config is a lookup as the Explorer configures it.
func (n *forgedNetwork) config(target wire.ID, method wire.Method) lookup.Config {
	return lookup.Config{Target: target, Method: method, Querier: n.us, Self: []wire.ID{n.us.ID()},
		Believe: n.us.Believes, Seeds: n.us.Closest(target, 2*lookup.DefaultK), Shared: n.shared}
}

// run lets the newcomer join the network, then find the swarm of each siege and announce itself there.
func (n *forgedNetwork) run(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx, testnet.Demand{}) })
	running.Go(func() { n.us.Run(ctx) }) //nolint:errcheck // ends with the test
	for _, h := range n.forgers {
		running.Go(func() { h.Run(ctx) })
	}
	if err := n.join(ctx); err != nil {
		t.Error(err)
	}
	several(len(n.sieges), measuring, func(i int) {
		l := lookup.New(n.config(n.sieges[i].hash, wire.GetPeers))
		l.Run(ctx)
		l.Announce(ctx, ourPort, false)
		n.sieges[i].state = l.State()
	})
	cancel()
	running.Wait()
}

func (n *forgedNetwork) join(ctx context.Context) error {
	cfg := n.config(n.us.ID(), wire.FindNode)
	cfg.Seeds = n.Contacts()[:3]
	if s := lookup.New(cfg).Run(ctx); s.Replied == 0 {
		return errors.New("nobody replies")
	}
	for _, target := range n.us.Underfull() {
		lookup.New(n.config(target, wire.FindNode)).Run(ctx)
	}
	return nil
}

// stored returns how many of the holders have our announce.
func (s *siege) stored() (count int) {
	us := wire.AppendAddr(nil, netip.MustParseAddrPort(fmt.Sprint("95.1.2.3:", ourPort)))
	for _, m := range s.holders {
		all := m.Peers.AppendCompact(nil, s.hash, wire.IPv4, false, forgedPeers+1)
		for ; len(all) > 0; all = all[len(us):] {
			if bytes.HasPrefix(all, us) {
				count++
			}
		}
	}
	return count
}

// foundSwarm reports whether the lookup found every peer of the swarm.
func (s *siege) foundSwarm() bool {
	found := 0
	for _, p := range s.state.Peers {
		for _, want := range s.swarm {
			if p.Addr == want {
				found++
			}
		}
	}
	return found == len(s.swarm)
}

func TestForgersOfIDsTakeNoAnnounceAndHideNoSwarm(t *testing.T) {
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "honest\tforgers\tannounced, mean\tleast\tswarms found\thigh risk\tqueries, median\ttime, median\t")
	for _, honest := range []int{40, 2000 / shrunk} {
		for _, all := range besiege(t, honest) {
			least, sum, missed, found, high := holders, 0, 0, 0, 0
			var queries []int
			var times []time.Duration
			for _, s := range all {
				stored := s.stored()
				least, sum = min(least, stored), sum+stored
				if stored < holders-1 {
					missed++
				}
				if s.foundSwarm() {
					found++
				}
				if s.state.Risk.Level == lookup.HighRisk {
					high++
				}
				queries, times = append(queries, s.state.Queries), append(times, s.state.Elapsed)
			}
			forgers := all[0].forgers
			fmt.Fprintf(w, "%d\t%d\t%.2f of 8\t%d\t%d of %d\t%d\t%d\t%s\t\n", honest, forgers, float64(sum)/float64(len(all)), least, found, len(all), high,
				quantile(queries, 0.5), quantile(times, 0.5).Round(10*time.Millisecond))
			if missed > 1 || 2*sum < (2*holders-1)*len(all) || found < len(all) {
				t.Errorf("%d forgers among %d: %d announces miss more than one of the 8 closest, %d at least; %d of %d swarms found",
					forgers, honest, missed, least, found, len(all))
			}
			if forgers >= 2*holders && high < len(all) {
				t.Errorf("%d forgers among %d: the risk is high in %d of %d lookups", forgers, honest, high, len(all))
			}
		}
	}
	w.Flush() //nolint:errcheck // a Builder takes everything
	t.Log("\n" + table.String())
}

// besiege runs the lookups of swarms under siege by 0, 3, 6, 12 and 24 forgers each, and returns them by that number.
// In a small network each swarm has a network of its own.
func besiege(t *testing.T, honest int) (all [][]*siege) {
	t.Helper()
	var every []*siege
	for i, forgers := range []int{0, 3, 6, 12, 24} {
		var same []*siege
		for j := range forgedSwarms {
			same = append(same, &siege{hash: testnet.InfoHash(uint64(50+i), j), forgers: forgers})
		}
		all, every = append(all, same), append(every, same...)
	}
	each := 1
	if honest > 100 {
		each = len(every)
	}
	for i := 0; i < len(every); i += each {
		synctest.Test(t, func(t *testing.T) { newForgedNetwork(t, honest, uint64(i+1), every[i:i+each]).run(t) })
	}
	return all
}
