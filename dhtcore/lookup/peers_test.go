package lookup_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// swarm is a Querier: nodes that each know a part of a swarm and return a sample of it.
type swarm struct {
	holders []wire.Contact
	knows   [][]netip.AddrPort // by holder
	sample  int                // peers a reply
	scrapes bool               // they answer a scrape with filters
	instead bool               // and then with nothing else, as libtorrent does

	mu    sync.Mutex
	rng   *rand.Rand
	asked []wire.Query
}

func newSwarm(size int) *swarm {
	s := &swarm{sample: 50, scrapes: true, rng: rand.New(rand.NewPCG(1, uint64(size)))}
	s.knows = make([][]netip.AddrPort, 8)
	for i := range 8 {
		s.holders = append(s.holders, contact(byte(i+1), byte(i+1)))
	}
	for i := range size {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{20, 1, byte(i >> 8), byte(i)}), 7000)
		for h := range s.knows {
			if s.rng.Float64() < 0.8 {
				s.knows[h] = append(s.knows[h], addr)
			}
		}
	}
	return s
}

func (*swarm) Admit(ctx context.Context, _ netip.AddrPort) error { return ctx.Err() }

func (s *swarm) Ask(_ context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	rtt := time.Duration(50+10*to.ID[0]) * time.Millisecond
	time.Sleep(rtt)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, q)
	known := s.knows[to.ID[0]-1]
	r := wire.Reply{From: to, RTT: rtt, Nodes: s.holders, Token: []byte("t")}
	if q.Scrape && s.scrapes {
		r.SeedFilter, r.PeerFilter = new([wire.FilterLen]byte), new([wire.FilterLen]byte)
		for _, p := range known {
			f := r.PeerFilter
			if p.Addr().As4()[3]%3 == 0 {
				f = r.SeedFilter
			}
			(*peers.Filter)(f).Add(p.Addr())
		}
		if s.instead {
			return r, nil
		}
	}
	for _, i := range s.rng.Perm(len(known))[:min(s.sample, len(known))] {
		r.Peers = append(r.Peers, known[i])
	}
	return r, nil
}

func (s *swarm) search(t *testing.T) (state lookup.State) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		state = lookup.New(lookup.Config{Method: wire.GetPeers, Querier: s, Seeds: s.holders[:2]}).Run(context.Background())
	})
	return state
}

func (s *swarm) again() (n int) { return len(s.asked) - len(s.holders) }

func TestALargeSwarmIsAskedForAgainUntilMostOfItIsKnown(t *testing.T) {
	for _, size := range []int{300, 1000} {
		s := newSwarm(size)
		state := s.search(t)
		want := size * 95 / 100
		if size == 1000 {
			want = 450 // 32 samples of 50 at most
		}
		if len(state.Peers) < want || len(s.asked) > 45 || state.Queries != len(s.asked) {
			t.Errorf("%d peers of %d after %d queries (%d by its own account)", len(state.Peers), size, len(s.asked), state.Queries)
		}
		if c := float64(len(state.Peers)) / float64(size); state.Coverage < c-0.1 || state.Coverage > c+0.1 {
			t.Errorf("coverage is said to be %.2f and is %.2f", state.Coverage, c)
		}
		if state.Elapsed > 1500*time.Millisecond {
			t.Errorf("it took %s", state.Elapsed)
		}
	}
}

func TestASmallSwarmIsAskedForItsFiltersAlone(t *testing.T) {
	for _, size := range []int{5, 50} {
		s := newSwarm(size)
		state := s.search(t)
		if len(state.Peers) != size || s.again() != 4 {
			t.Errorf("%d peers of %d, %d more queries", len(state.Peers), size, s.again())
		}
		scrapes := 0
		for _, q := range s.asked {
			if q.Scrape {
				scrapes++
			}
		}
		if scrapes != 4 {
			t.Errorf("%d queries for filters", scrapes)
		}
	}
}

func TestTheFiltersOfAllNodesAreMerged(t *testing.T) {
	for _, instead := range []bool{false, true} {
		s := newSwarm(300)
		s.instead = instead
		state := s.search(t)
		if state.Scrapes != 4 || state.Seeds < 80 || state.Seeds > 240 || state.Seeds+state.Leechers < 280 ||
			state.SwarmEstimate() < 280 {
			t.Errorf("%d filters: %d seeds and %d leechers of 300 peers", state.Scrapes, state.Seeds, state.Leechers)
		}
		if len(state.Peers) < 285 {
			t.Errorf("peers lost to the filters: %d of 300", len(state.Peers))
		}
	}
	s := newSwarm(20)
	s.scrapes = false
	if state := s.search(t); state.Scrapes != 0 || state.Seeds != 0 || state.SwarmEstimate() != 20 {
		t.Errorf("without filters: %+v", state)
	}
}

func TestNobodyIsAskedAgainWhereThereAreNoPeers(t *testing.T) {
	s := newSwarm(0)
	if state := s.search(t); s.again() != 0 || state.Coverage != 1 || len(state.Peers) != 0 {
		t.Errorf("%d more queries, coverage %v", s.again(), state.Coverage)
	}
}

// A node may always return the same few of many peers. That is noticed.
func TestANodeThatRepeatsItselfIsLeftAlone(t *testing.T) {
	asks := 0
	s := run(t, func(to wire.Contact) (wire.Reply, error) {
		asks++
		r := wire.Reply{From: to, RTT: 50 * time.Millisecond}
		for i := range byte(50) {
			r.Peers = append(r.Peers, netip.AddrPortFrom(netip.AddrFrom4([4]byte{20, 0, 0, i}), 1))
		}
		return r, nil
	}, contact(1, 1))
	if asks != 2 || len(s.Peers) != 50 {
		t.Errorf("asked %d times for %d peers", asks, len(s.Peers))
	}
	asks = 0
	s = run(t, func(to wire.Contact) (wire.Reply, error) {
		if asks++; asks > 1 {
			return wire.Reply{}, errors.New("no answer")
		}
		return wire.Reply{From: to, RTT: 50 * time.Millisecond, Peers: []netip.AddrPort{netip.MustParseAddrPort("20.0.0.1:1")}}, nil
	}, contact(1, 1))
	if asks != 2 || s.Replied != 1 || s.TimedOut != 0 || s.Queries != 2 {
		t.Errorf("a node that did not reply the second time: %+v after %d", s.Round, asks)
	}
}

func TestARunningLookupCanBeLookedAt(t *testing.T) {
	s := newSwarm(300)
	synctest.Test(t, func(t *testing.T) {
		l := lookup.New(lookup.Config{Method: wire.GetPeers, Querier: s, Seeds: s.holders[:2]})
		var done lookup.State
		var running sync.WaitGroup
		running.Go(func() { done = l.Run(context.Background()) })
		last := 0
		for range 40 {
			time.Sleep(10 * time.Millisecond)
			state := l.State()
			if len(state.Peers) < last {
				t.Errorf("%d peers after %d", len(state.Peers), last)
			}
			last = len(state.Peers)
			if state.Asked != state.Replied+state.TimedOut+state.Lied+state.InFlight {
				t.Errorf("the account does not add up: %+v", state.Round)
			}
		}
		running.Wait()
		var sum lookup.Round
		for _, r := range done.Rounds() {
			sum.Asked += r.Asked
			sum.Replied += r.Replied
		}
		if sum.Asked != done.Asked || sum.Replied != done.Replied || len(done.Rounds()) != 2 {
			t.Errorf("rounds %+v of %+v", done.Rounds(), done.Round)
		}
	})
}

func ids(contacts []lookup.Step) (s []string) {
	for _, c := range contacts {
		s = append(s, fmt.Sprint(c.ID[0]))
	}
	slices.Sort(s)
	return s
}
