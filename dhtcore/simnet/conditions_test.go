package simnet

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// Conditions B, under which other clients have been measured as well.
const (
	fieldNodes  = 2000
	fieldDead   = 0.3
	fieldMinRTT = 50 * time.Millisecond
	fieldMaxRTT = 150 * time.Millisecond
	// fieldLife is for how long the conditions hold: after 15 minutes nodes ask again whether those of
	// their tables live.
	fieldLife = 14 * time.Minute

	swarmsEach = 40  // swarms of a size in a round
	warmUps    = 100 // lookups of nodes that a client starts with
	warming    = 10  // of them at a time
	measuring  = 4   // lookups of peers at a time: they leave both processors idle most of the time
)

var swarmSizes = [...]int{5, 50, 300}

// field is the network under the conditions, with an account of who was asked for what.
type field struct {
	*Network
	tally
	ctx    context.Context //nolint:containedctx // the network runs for so long
	rounds [][]swarm
}

// swarm is what there is to find under a hash.
type swarm struct {
	hash    wire.ID
	size    int
	peers   map[netip.AddrPort]bool
	closest []wire.Contact
}

// openField starts the network, which runs until the benchmark ends.
func openField(b *testing.B) *field {
	b.Helper()
	f := &field{tally: tally{asked: map[question]map[wire.ID]int{}}}
	var err error
	f.Network, err = Loopback(Config{Nodes: fieldNodes, Seed: 1, Dead: fieldDead,
		MinRTT: fieldMinRTT, MaxRTT: fieldMaxRTT, Tap: f.tap})
	needs.That(b, !errors.Is(err, syscall.EMFILE), fmt.Sprintf("leave to open %d sockets (raise the hard limit: ulimit -Hn)", fieldNodes))
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), fieldLife)
	f.ctx = ctx
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx, testnet.Demand{}) })
	b.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return f
}

// swarms returns the swarms of a round: the same for every client, and others in every round.
func (f *field) swarms(round int) []swarm {
	for len(f.rounds) <= round {
		var fresh []swarm
		for i := range swarmsEach * len(swarmSizes) {
			s := swarm{hash: testnet.InfoHash(uint64(100+len(f.rounds)), i), size: swarmSizes[i%len(swarmSizes)]}
			s.peers = map[netip.AddrPort]bool{}
			for _, p := range f.Plant(s.hash, s.size) {
				s.peers[p] = true
			}
			s.closest = f.Closest(s.hash, holders)
			fresh = append(fresh, s)
		}
		f.rounds = append(f.rounds, fresh)
	}
	return f.rounds[round]
}

// tally counts at the network's side who asked which nodes, dead ones too, for the peers of which
// hash, so that every client is measured alike.
type tally struct {
	mu    sync.Mutex
	asked map[question]map[wire.ID]int
}

type question struct {
	from netip.AddrPort
	hash wire.ID
}

func (t *tally) tap(at wire.Contact, p node.Packet) {
	var m wire.Message
	if wire.Scan(p.Buf, &m) != nil || m.Kind != wire.KindQuery || m.Method != wire.GetPeers {
		return
	}
	q := question{p.Addr, m.Target}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked[q] == nil {
		t.asked[q] = map[wire.ID]int{}
	}
	t.asked[q][at.ID]++
}

// of returns how many questions q was, and how many of the nodes were asked it.
func (t *tally) of(q question, nodes []wire.Contact) (queries, reached int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, count := range t.asked[q] {
		queries += count
	}
	for _, c := range nodes {
		if t.asked[q][c.ID] > 0 {
			reached++
		}
	}
	return queries, reached
}

// client is who looks things up under the conditions: our node, or anacrolix's.
type client interface {
	addr() netip.AddrPort
	// join makes the client a member of the network that the nodes at seeds belong to.
	join(ctx context.Context, seeds []wire.Contact) error
	// findNode looks for the nodes closest to target.
	findNode(ctx context.Context, target wire.ID)
	// getPeers looks up the peers of hash and returns when the client takes the lookup for done. tell is
	// called with the peers of every answer that has some, by one goroutine at a time.
	getPeers(ctx context.Context, hash wire.ID, tell func(peers []netip.AddrPort)) error
	close()
}

// warm lets c join the network, with the same lookups for every c.
func (f *field) warm(b *testing.B, c client) {
	b.Helper()
	if err := c.join(f.ctx, f.Contacts()[:3]); err != nil {
		b.Fatal(err)
	}
	several(warmUps, warming, func(i int) { c.findNode(f.ctx, testnet.InfoHash(99, i)) })
}

// several does the work for 0 to count-1, atATime of them at a time.
func several(count, atATime int, work func(i int)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, atATime)
	for i := range count {
		slots <- struct{}{}
		running.Go(func() {
			work(i)
			<-slots
		})
	}
	running.Wait()
}

// measure lets c look up every swarm once.
func (f *field) measure(b *testing.B, c client, swarms []swarm) outcomes {
	b.Helper()
	results := make(outcomes, len(swarms))
	several(len(swarms), measuring, func(i int) {
		var err error
		if results[i], err = lookUp(f.ctx, c, &swarms[i]); err != nil {
			b.Errorf("looking up %s: %v", swarms[i].hash, err)
		}
	})
	if f.ctx.Err() != nil {
		b.Fatalf("the conditions hold for %s only, and it took longer", fieldLife)
	}
	for i, s := range swarms {
		results[i].queries, results[i].closest = f.of(question{c.addr(), s.hash}, s.closest)
	}
	return results
}

// lookUp times one lookup. Peers that are not in the swarm do not count.
func lookUp(ctx context.Context, c client, s *swarm) (o outcome, err error) {
	found := make(map[netip.AddrPort]bool, len(s.peers))
	began := time.Now()
	err = c.getPeers(ctx, s.hash, func(peers []netip.AddrPort) {
		at := time.Since(began)
		for _, p := range peers {
			if !s.peers[p] || found[p] {
				continue
			}
			if found[p] = true; o.first == 0 {
				o.first = at
			}
			o.last = at
		}
	})
	o.complete = time.Since(began)
	if len(found) == 0 { // the worst that can be said of the times to something that never came
		o.first, o.last = o.complete, o.complete
	}
	o.size, o.recall = s.size, float64(len(found))/float64(len(s.peers))
	return o, err
}
