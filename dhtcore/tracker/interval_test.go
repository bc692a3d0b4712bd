package tracker

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// simulate lets peers announce when they are told to, and returns the rate over the last hour of the run.
func simulate(p *pacer, peers int, hours int) (rate float64, most time.Duration) {
	next := make([]int, peers)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range next {
		next[i] = rng.IntN(900)
	}
	due := make(map[int][]int)
	for i, at := range next {
		due[at] = append(due[at], i)
	}
	total, last := uint64(0), uint64(0)
	for s := range hours * 3600 {
		for _, i := range due[s] {
			told := p.next()
			most = max(most, told)
			at := s + int(told/time.Second)
			due[at] = append(due[at], i)
			total++
			if s >= (hours-1)*3600 {
				last++
			}
		}
		delete(due, s)
		if s%10 == 9 {
			p.tick(peers, total)
		}
	}
	return float64(last) / 3600, most
}

func TestTheIntervalAimsAtTheRate(t *testing.T) {
	for _, c := range []struct {
		peers     int
		low, high float64 // announces/s
	}{
		{1000, 0.9, 1.2},    // the shortest interval is enough
		{15_000, 8, 10.5},   // 1,500 s
		{30_000, 8, 10.5},   // 3,000 s
		{100_000, 25, 28.5}, // more than the longest interval can bring down
	} {
		p := newPacer(10, 15*time.Minute, time.Hour)
		rate, most := simulate(&p, c.peers, 12)
		if rate < c.low || rate > c.high || most > longest(time.Hour) {
			t.Errorf("%d peers: %.1f announces/s at an interval of %v, at most %v", c.peers, rate, p.Interval(), most)
		}
	}
}

func TestAMillionPeersInABurstDoNotRaiseTheIntervalAtOnce(t *testing.T) {
	p := newPacer(100, 15*time.Minute, time.Hour)
	p.tick(1_000_000, 1_000_000)
	if i := p.Interval(); i > 17*time.Minute {
		t.Errorf("%v", i)
	}
	for n := range uint64(1000) {
		p.tick(1_000_000, 1_000_000+n*10_000)
	}
	if i := p.Interval(); i.Round(time.Second) != time.Hour {
		t.Errorf("after long: %v", i)
	}
}

func TestTheIntervalFitsThePeerTimeout(t *testing.T) {
	for _, timeout := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 24 * time.Hour} {
		tr, err := Open(Config{PeerTimeout: timeout})
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if told := tr.pacer.next(); told >= timeout || told > DefaultMinInterval*11/10+time.Second {
				t.Fatalf("a peer that may be silent for %v is told to come back after %v", timeout, told)
			}
		}
		now := time.Now()
		r := Request{Hash: wire.ID{1}, Source: netip.MustParseAddrPort("192.0.2.1:1")}
		tr.announce(&r, new(peers.Selection), now)
		tr.swarms.Expire(now.Add(timeout - 2*time.Second))
		if c := tr.Counts(r.Hash); c.Seeds != 1 {
			t.Errorf("after less than %v: %+v", timeout, c)
		}
		tr.swarms.Expire(now.Add(max(timeout, 20*time.Minute) + 2*time.Second))
		if c := tr.Counts(r.Hash); c.Seeds != 0 {
			t.Errorf("after more than %v: %+v", timeout, c)
		}
	}
}
