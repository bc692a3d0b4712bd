package simnet

import (
	"iter"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// The bounds of an answer (BEP 5, 33 and 51), as they are for dhtcore/node.
const (
	planetValues       = 50
	planetScrapeValues = 28 // what is left of a packet beside the filters
	planetSamples      = 20
)

func (p *Planet) hashKey(i int) uint64 { return scramble(p.draw(ofHash) + uint64(i)) }

// Hash returns the info_hash of the i-th torrent, from 0.
func (p *Planet) Hash(i int) wire.ID { return p.id(p.hashKey(i)) }

// torrent returns the index of the torrent with the info_hash, if there is one.
func (p *Planet) torrent(hash wire.ID) (i int, ok bool) {
	n := unscramble(keyOf(hash)) - p.draw(ofHash)
	return int(n), n < uint64(p.cfg.Hashes) && p.id(keyOf(hash)) == hash
}

// Peers returns the whole swarm of hash.
func (p *Planet) Peers(hash wire.ID) (swarm []netip.AddrPort) {
	i, ok := p.torrent(hash)
	if !ok {
		return nil
	}
	for j := range p.cfg.Swarm(i) {
		swarm = append(swarm, p.peer(i, j))
	}
	return swarm
}

// peer returns the j-th peer of the i-th torrent.
func (p *Planet) peer(i, j int) netip.AddrPort {
	place := below(p.draw(ofSwarm, uint64(i)), uint64(addrSpace))
	port := firstPort + below(p.draw(ofPort, uint64(i), uint64(j)), 1<<16-firstPort)
	return netip.AddrPortFrom(ipAt((place+uint64(j)%addrSpace*addrStride)%addrSpace), uint16(port))
}

// seeds reports whether the j-th peer of the i-th torrent has it all: one in three.
func (p *Planet) seeds(i, j int) bool { return p.draw(ofSeed, uint64(i), uint64(j))%3 == 0 }

// told reports whether the j-th peer of the i-th torrent has announced itself to the node at rank, if that
// is a holder of it.
func (p *Planet) told(i, j, rank int) bool {
	return chance(p.draw(ofHolder, uint64(i), uint64(j), uint64(rank)), announceOdds)
}

// knows reports whether the node at rank, if it is a holder of the i-th torrent, knows any peer of it.
func (p *Planet) knows(i, rank int) bool {
	for j := range p.cfg.Swarm(i) {
		if p.told(i, j, rank) {
			return true
		}
	}
	return false
}

// answerPeers adds to r what the node at rank has on the torrent that q asks for, drawing by luck.
func (p *Planet) answerPeers(r *wire.Reply, rank int, q *wire.Query, luck uint64) {
	i, ok := p.torrent(q.Target)
	if !ok || !slices.Contains(p.closestLive(keyOf(q.Target), holders), rank) {
		return
	}
	var seeds, others peers.Filter
	for j := range p.cfg.Swarm(i) {
		if !p.told(i, j, rank) {
			continue
		}
		peer, seed := p.peer(i, j), p.seeds(i, j)
		if q.Scrape && seed {
			seeds.Add(peer.Addr())
		} else if q.Scrape {
			others.Add(peer.Addr())
		}
		if !q.NoSeed || !seed {
			r.Peers = append(r.Peers, peer)
		}
	}
	limit := planetValues
	if q.Scrape {
		limit = planetScrapeValues
		r.SeedFilter, r.PeerFilter = (*[wire.FilterLen]byte)(&seeds), (*[wire.FilterLen]byte)(&others)
	}
	r.Peers = someOf(r.Peers, limit, luck)
}

// someOf returns n of list, or all there are, in an order drawn by luck.
func someOf[T any](list []T, n int, luck uint64) []T {
	r := rand.New(rand.NewPCG(luck, golden))
	n = min(n, len(list))
	for i := range n {
		j := i + r.IntN(len(list)-i)
		list[i], list[j] = list[j], list[i]
	}
	return slices.Clip(list[:n])
}

// stored returns the torrents that the live node at rank is a holder of and knows a peer of.
func (p *Planet) stored(rank int) (torrents []int) {
	self := p.nodes.sorted[rank]
	add := func(lo, hi int, rivals []uint64, allowed int) {
		for _, hash := range p.hashes.sorted[lo:hi] {
			if i := int(unscramble(hash) - p.draw(ofHash)); closerThan(rivals, self, hash) <= allowed && p.knows(i, rank) {
				torrents = append(torrents, i)
			}
		}
	}
	var rivals []uint64
	for b := range keyBits {
		ownLo, ownHi := p.nodes.span(self, b+1)
		nearer := p.countLive(p.nodes.sibling(self, b)) // to any hash over there
		if nearer < holders {
			rivals = rivals[:0]
			for i := ownLo; i < ownHi; i++ {
				if i != rank && p.alive(i) {
					rivals = append(rivals, p.nodes.sorted[i])
				}
			}
			lo, hi := p.hashes.sibling(self, b)
			add(lo, hi, rivals, holders-1-nearer)
		}
		if ownHi-ownLo == 1 { // the hashes from here on have no closer node
			lo, hi := p.hashes.span(self, b+1)
			add(lo, hi, nil, 0)
			break
		}
	}
	return torrents
}

// countLive counts the live nodes from lo to hi, up to the number of holders.
func (p *Planet) countLive(lo, hi int) (live int) {
	for ; lo < hi && live < holders; lo++ {
		if p.alive(lo) {
			live++
		}
	}
	return live
}

// closerThan counts the rivals that are closer to hash than self is, up to the number of holders.
func closerThan(rivals []uint64, self, hash uint64) (closer int) {
	for _, r := range rivals {
		if r^hash < self^hash {
			if closer++; closer == holders {
				break
			}
		}
	}
	return closer
}

// samples returns what the node at rank answers to sample_infohashes, and how many hashes it stores. The
// sample changes when the interval is over, at the same time everywhere.
func (p *Planet) samples(rank int, now time.Time) (sample []wire.ID, stored int) {
	all := p.stored(rank)
	turn := uint64(now.UnixNano()) / uint64(p.cfg.SampleInterval)
	for _, i := range someOf(all, planetSamples, p.draw(ofSample, uint64(rank), turn)) {
		sample = append(sample, p.Hash(i))
	}
	return sample, len(all)
}

// Handed returns what a crawler would be handed that asks every live node for samples at the time at:
// the most that a sweep can find. A hash comes once for every node that gives it.
func (p *Planet) Handed(at time.Time) iter.Seq[wire.ID] {
	return func(yield func(wire.ID) bool) {
		for rank := range p.cfg.Nodes {
			if !p.alive(rank) || p.speech(rank) != fluent {
				continue
			}
			sample, _ := p.samples(rank, at)
			for _, hash := range sample {
				if !yield(hash) {
					return
				}
			}
		}
	}
}
