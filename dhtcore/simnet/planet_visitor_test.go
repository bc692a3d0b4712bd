package simnet

import (
	"context"
	"errors"
	"math"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// visiting runs test with a visitor of p in a synctest bubble.
func visiting(t *testing.T, p *Planet, cfg VisitorConfig, test func(v *Visitor)) {
	t.Helper()
	cfg.ID = wire.ID{0x42, 1}
	synctest.Test(t, func(*testing.T) { test(p.Visitor(cfg)) })
}

func isRefused(err error, code int) bool {
	var refused *wire.Error
	return errors.As(err, &refused) && refused.Code == code
}

func TestLiveNodesAnswerInTheirTimeAndTheRestNever(t *testing.T) {
	p := small(100_000, 0, 0)
	visiting(t, p, VisitorConfig{Timeout: 3 * time.Second}, func(v *Visitor) {
		var mu sync.Mutex
		var rtts []time.Duration
		answered, live := 0, 0
		var open sync.WaitGroup
		for rank := range 6000 {
			open.Go(func() {
				began := time.Now()
				r, err := v.Ask(context.Background(), wire.Contact{Addr: p.addr(rank)}, wire.Query{Method: wire.Ping})
				took := time.Since(began)
				mu.Lock()
				defer mu.Unlock()
				if p.alive(rank) {
					live++
				}
				if errors.Is(err, node.ErrTimeout) && took == 3*time.Second {
					return
				}
				if err != nil || !p.alive(rank) || r.From != p.contact(rank) || took != r.RTT || r.RTT != p.rtt(rank) {
					t.Errorf("node %d (alive: %v) after %s: %+v, %v", rank, p.alive(rank), took, r, err)
				}
				answered++
				rtts = append(rtts, took)
			})
		}
		open.Wait()
		if share := float64(answered) / float64(live); math.Abs(share-0.98*0.98) > 0.01 {
			t.Errorf("%.3f of the live nodes answered", share)
		}
		slices.Sort(rtts)
		if rtts[0] < 20*time.Millisecond || rtts[0] > 21*time.Millisecond || rtts[len(rtts)-1] > 300*time.Millisecond ||
			(rtts[len(rtts)/2]-160*time.Millisecond).Abs() > 8*time.Millisecond {
			t.Errorf("RTTs %s, %s, %s", rtts[0], rtts[len(rtts)/2], rtts[len(rtts)-1])
		}
		s := v.Stats()
		if s.Sent != 6000 || s.Received != uint64(answered) || s.Wasted != uint64(6000-live) || s.Lost != uint64(live-answered) {
			t.Errorf("counts %+v", s)
		}
		if _, err := v.Ask(context.Background(), wire.Contact{Addr: netip.MustParseAddrPort("10.0.0.1:1")}, wire.Query{}); !errors.Is(err, node.ErrTimeout) {
			t.Errorf("an unknown address: %v", err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		if _, err := v.Ask(ctx, wire.Contact{Addr: p.addr(0)}, wire.Query{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an ended context: %v", err)
		}
	})
}

func TestEveryMethodIsAnsweredInItsWay(t *testing.T) {
	p := NewPlanet(PlanetConfig{Nodes: 1000, Hashes: 1, Seed: 3})
	visiting(t, p, VisitorConfig{}, func(v *Visitor) {
		hash := p.Hash(0)
		to := p.Closest(hash, 1)[0]
		ask := func(q wire.Query) (wire.Reply, error) { return v.Ask(context.Background(), to, q) }
		for _, m := range []wire.Method{wire.FindNode, wire.GetPeers, wire.Get, wire.SampleInfohashes} {
			r, err := ask(wire.Query{Method: m, Target: hash})
			if err != nil || len(r.Nodes) != 8 || r.Nodes[0] != p.Closest(hash, 2)[1] || r.From != to {
				t.Errorf("%s: %+v, %v", m, r, err)
			}
			if wantToken := m == wire.GetPeers || m == wire.Get; wantToken != (len(r.Token) > 0) || (m == wire.GetPeers) != (len(r.Peers) > 0) ||
				(m == wire.SampleInfohashes) != r.HasSamples {
				t.Errorf("%s: %+v", m, r)
			}
			if r.HasSamples && (!slices.Equal(r.Samples, []wire.ID{hash}) || r.Num != 1 || r.Interval != 6*time.Hour) {
				t.Errorf("samples %v, num %d, interval %s", r.Samples, r.Num, r.Interval)
			}
		}
		if r, _ := ask(wire.Query{Method: wire.FindNode, Target: hash, Want: wire.WantNodes6}); len(r.Nodes) > 0 {
			t.Errorf("IPv4 nodes to whom wants IPv6: %v", r.Nodes)
		}
		r, _ := ask(wire.Query{Method: wire.GetPeers, Target: hash})
		for _, m := range []wire.Method{wire.AnnouncePeer, wire.Put} {
			if _, err := ask(wire.Query{Method: m, Target: hash, Token: r.Token, Port: 1}); err != nil {
				t.Errorf("%s: %v", m, err)
			}
			if _, err := ask(wire.Query{Method: m, Target: hash, Token: []byte("12345678"), Port: 1}); !isRefused(err, wire.CodeProtocol) {
				t.Errorf("%s with a bad token: %v", m, err)
			}
		}
		if _, err := ask(wire.Query{Target: hash}); !isRefused(err, wire.CodeMethodUnknown) {
			t.Errorf("an unknown method: %v", err)
		}
	})
}

func TestAVisitBeforeTheIntervalIsOverIsAViolation(t *testing.T) {
	p := NewPlanet(PlanetConfig{Nodes: 1000, Mute: 0.5, SampleInterval: time.Hour})
	visiting(t, p, VisitorConfig{}, func(v *Visitor) {
		kinds := map[speech]int{}
		round := func() {
			for rank := range 100 {
				r, err := v.Ask(context.Background(), p.contact(rank), wire.Query{Method: wire.SampleInfohashes})
				switch p.speech(rank) {
				case fluent:
					if err != nil || !r.HasSamples {
						t.Errorf("a node that speaks BEP 51: %+v, %v", r, err)
					}
				case obliging:
					if err != nil || r.HasSamples || len(r.Nodes) != 8 {
						t.Errorf("a node that answers with nodes: %+v, %v", r, err)
					}
				case refusing:
					if !isRefused(err, wire.CodeMethodUnknown) {
						t.Errorf("a node that refuses: %v", err)
					}
				}
				kinds[p.speech(rank)]++
			}
		}
		round()
		if kinds[fluent] < 35 || kinds[fluent] > 65 || kinds[refusing] < 12 || kinds[obliging] < 12 {
			t.Errorf("they speak %v", kinds)
		}
		speakers := uint64(kinds[fluent])
		time.Sleep(time.Hour)
		round()
		if s := v.Stats(); s.Sampled != speakers || s.Violations != 0 {
			t.Errorf("after the interval: %+v", s)
		}
		time.Sleep(30 * time.Minute)
		round()
		if s := v.Stats(); s.Sampled != speakers || s.Violations != speakers {
			t.Errorf("before it was over again: %+v", s)
		}
	})
}

func TestAVisitorAdmitsAtItsRate(t *testing.T) {
	p := small(1000, 0, 0)
	visiting(t, p, VisitorConfig{Rate: 500}, func(v *Visitor) {
		began := time.Now()
		var open sync.WaitGroup
		for range 1001 {
			open.Go(func() { v.Admit(context.Background(), netip.AddrPort{}) }) //nolint:errcheck // nothing ends it
		}
		open.Wait()
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("1001 questions took %s", took)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if v.Admit(ctx, netip.AddrPort{}) == nil {
			t.Error("admitted after the end")
		}
	})
}

// journey is one cold lookup of the i-th torrent by a visitor of its own.
func (p *Planet) journey(i int) (s lookup.State, v *Visitor) {
	hash := p.Hash(i)
	self := p.id(p.draw(ofLuck, uint64(i)))
	v = p.Visitor(VisitorConfig{ID: self, Seed: uint64(i)})
	s = lookup.New(lookup.Config{Target: hash, Method: wire.GetPeers, Querier: v, Self: []wire.ID{self},
		Seeds: v.Seeds(hash, lookup.DefaultK)}).Run(context.Background())
	return s, v
}

// share returns how much of the closest live nodes s has found.
func (p *Planet) share(s lookup.State) float64 {
	found := 0
	truth := p.Closest(s.Target, lookup.DefaultK)
	for _, c := range truth {
		if slices.ContainsFunc(s.Closest, func(step lookup.Step) bool { return step.Contact == c }) {
			found++
		}
	}
	return float64(found) / float64(len(truth))
}

func TestLookupsOnAPlanetFindTheSwarm(t *testing.T) {
	p := small(100_000, 20, 30)
	synctest.Test(t, func(t *testing.T) {
		var shares float64
		for i := range 20 {
			s, v := p.journey(i)
			swarm := p.Peers(s.Target)
			for _, peer := range s.Peers {
				if !slices.Contains(swarm, peer.Addr) {
					t.Fatalf("%s is not in the swarm", peer.Addr)
				}
			}
			if len(s.Peers) < len(swarm)*3/4 || s.Elapsed > time.Minute || int(v.Stats().Sent) < s.Replied {
				t.Errorf("%d of %d peers in %s: %+v", len(s.Peers), len(swarm), s.Elapsed, v.Stats())
			}
			shares += p.share(s) / 20
		}
		if shares < 0.7 { // the 8 of an answer are half dead, so that 0.86 is all that 8 answers tell of
			t.Errorf("%.2f of the closest nodes were found", shares)
		}
	})
}
