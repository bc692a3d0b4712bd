package testnet

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"dhtop/dhtcore/pause"
)

// What is new: torrents are born, one suddenly rises, a swarm dies.
const (
	bornBelow  = 30               // the rank at which a torrent is born at best
	riseFrom   = 40               // the rank, and below, from which one rises
	riseTo     = 2                // to this rank
	riseFor    = 20 * time.Second // people come for it in throngs
	riseRate   = 5                // of them a second
	diesWithin = 12               // ranks, of which one dies
)

// startNews lets the torrents be born, rise and die until ctx ends.
func (n *Network) startNews(ctx context.Context, d Demand, running *sync.WaitGroup) {
	every := func(mean time.Duration, salt uint64, happen func(r *rand.Rand)) {
		if mean == 0 || d.Hashes < 2*riseFrom {
			return
		}
		r := NewRand(n.cfg.Seed + salt)
		running.Go(func() {
			for pause.For(ctx, time.Duration((0.5+r.Float64())*float64(mean))) {
				happen(r)
			}
		})
	}
	every(d.Birth, 4, func(r *rand.Rand) { n.birth(ctx, d, r, running) })
	every(d.Rise, 5, func(r *rand.Rand) { n.rise(ctx, d, r, running) })
	every(d.Death, 6, func(r *rand.Rand) { n.death(r) })
}

// birth brings a new torrent into the network: its first seed announces it, and the downloaders can find it.
func (n *Network) birth(ctx context.Context, d Demand, r *rand.Rand, running *sync.WaitGroup) {
	rank := bornBelow + r.IntN(n.torrents.size()-bornBelow)
	number, hash := n.torrents.born(rank)
	n.mu.Lock()
	n.announceSeeders(number, rank, hash, n.closest(hash))
	n.mu.Unlock()
	d.Announce = 1
	n.startDownload(ctx, d, r, hash, running)
}

// rise makes an unknown torrent one of the hottest, and throngs come for it.
func (n *Network) rise(ctx context.Context, d Demand, r *rand.Rand, running *sync.WaitGroup) {
	n.torrents.move(riseFrom+r.IntN(n.torrents.size()-riseFrom), riseTo)
	_, hash := n.torrents.at(riseTo)
	d.Guests = 1
	for began := time.Now(); time.Since(began) < riseFor && pause.For(ctx, time.Duration(r.ExpFloat64()*float64(time.Second)/riseRate)); {
		n.startDownload(ctx, d, r, hash, running)
	}
}

// death ends a popular swarm: nobody asks for it any more, its seeds stop, and its peers expire.
func (n *Network) death(r *rand.Rand) { n.torrents.dies(r.IntN(diesWithin)) }
