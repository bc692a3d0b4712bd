package simnet

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// bucket appends what the node at rank has in its bucket of the IDs that share exactly index bits with
// its own: all there are when they fit, else a choice that is its own and lasts for the drift.
func (p *Planet) bucket(dst []int, rank, index int, now time.Time) []int {
	lo, hi := p.nodes.sibling(p.nodes.sorted[rank], index)
	if hi-lo <= perBucket {
		for ; lo < hi; lo++ {
			dst = append(dst, lo)
		}
		return dst
	}
	chosen := len(dst)
	for slot := range uint64(perBucket) {
		place := p.draw(ofBucket, uint64(rank), uint64(index), slot)
		place = scramble(place + p.epoch(place, now))
		for slices.Contains(dst[chosen:], lo+below(place, hi-lo)) {
			place = scramble(place + golden)
		}
		dst = append(dst, lo+below(place, hi-lo))
	}
	return dst
}

// epoch counts how often the contact at a place of a table has changed by now, each at its own times.
func (p *Planet) epoch(place uint64, now time.Time) uint64 {
	if p.cfg.Drift <= 0 {
		return 0
	}
	phase := below(place, int(p.cfg.Drift))
	return uint64(now.UnixNano()+int64(phase)) / uint64(p.cfg.Drift)
}

// route returns the 8 nodes of the table of the node at rank that are closest to target, closest first:
// those of the bucket where target belongs; if that has room, those of all deeper ones, which are at the
// next distance; then outwards one by one.
func (p *Planet) route(rank int, target uint64, now time.Time) []int {
	self := p.nodes.sorted[rank]
	home := bits.LeadingZeros64(self ^ target)
	list := make([]int, 0, 4*perBucket)
	if home < keyBits {
		list = p.bucket(list, rank, home, now)
	}
	if len(list) < perBucket {
		list = p.inside(list, rank, home+1, now)
	}
	for b := home - 1; len(list) < perBucket && b >= 0; b-- {
		list = p.bucket(list, rank, b, now)
	}
	slices.SortFunc(list, func(a, b int) int {
		return cmp.Compare(p.nodes.sorted[a]^target, p.nodes.sorted[b]^target)
	})
	return list[:min(len(list), perBucket)]
}

// inside appends what the node at rank has in all its buckets from first on.
func (p *Planet) inside(dst []int, rank, first int, now time.Time) []int {
	for b := first; b < keyBits; b++ {
		if lo, hi := p.nodes.span(p.nodes.sorted[rank], b); hi-lo == 1 {
			break // nobody else is that near
		}
		dst = p.bucket(dst, rank, b, now)
	}
	return dst
}

// closestLive returns the k live nodes that are closest to target, closest first.
func (p *Planet) closestLive(target uint64, k int) (ranks []int) {
	p.nodes.near(target, func(rank int) bool {
		if len(ranks) < k && p.alive(rank) {
			ranks = append(ranks, rank)
		}
		return len(ranks) < k
	})
	return ranks
}

// Closest returns the k live nodes that are closest to target, closest first.
func (p *Planet) Closest(target wire.ID, k int) []wire.Contact {
	return p.contacts(p.closestLive(keyOf(target), k))
}

func (p *Planet) contacts(ranks []int) []wire.Contact {
	list := make([]wire.Contact, len(ranks))
	for i, rank := range ranks {
		list[i] = p.contact(rank)
	}
	return list
}

// The search for the members of a client's table: a bucket of few nodes is looked through, in one of
// many so many are tried.
const (
	fewNodes   = 256
	triedNodes = 4096
)

// TableOf returns the routing table of a converged node with the ID self: 8 live nodes, or all there are,
// in each bucket.
func (p *Planet) TableOf(self wire.ID) []wire.Contact {
	var ranks []int
	key := keyOf(self)
	r := testnet.NewRand(p.draw(ofTable, key))
	for b := range keyBits {
		if lo, hi := p.nodes.span(key, b); hi == lo {
			break
		}
		lo, hi := p.nodes.sibling(key, b)
		tries := r.Perm(min(hi-lo, fewNodes))
		if hi-lo > fewNodes {
			tries = make([]int, triedNodes)
			for i := range tries {
				tries[i] = r.IntN(hi - lo)
			}
		}
		full := len(ranks) + perBucket
		for _, i := range tries {
			if len(ranks) < full && p.alive(lo+i) && !slices.Contains(ranks, lo+i) {
				ranks = append(ranks, lo+i)
			}
		}
	}
	return p.contacts(ranks)
}
