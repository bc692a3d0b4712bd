package peers

import (
	"hash/maphash"
	"math/rand/v2"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// A new peer evicts another one in this order:
//
//  1. If its IP has its share of the swarm, it replaces the stalest peer of that IP there. If its IP has its
//     share of the store, it is refused. So a flood from one IP evicts no one else.
//  2. A full swarm evicts its stalest peer.
//  3. A full store evicts peers that have expired, then the stalest peer of one of the largest swarms, but
//     never the last peer of a swarm. If the store has as many swarms as it may, a new swarm replaces a
//     deserted one, else one whose only peer has not announced for half of TTL: clients announce every quarter of an hour, so that
//     peer has probably left. Without such a swarm the new peer is refused.
const (
	perHost      = 16  // peers of one public IP in one swarm: clients may share an address
	sweepLen     = 128 // records looked at when a full store needs room
	largestOf    = 4   // swarms compared to find a large one
	staleDivisor = 2   // of TTL: after that the only peer of a swarm is stale
)

// makeRoom evicts what it must for rec to enter the swarm sw, nil for a new one, and reports whether there
// is room. Swarms may have moved when it returns.
func (s *Store) makeRoom(sw *swarm, id uint32, f wire.Family, rec []byte, at uint32) bool {
	public := isPublic(f, rec)
	if sw != nil && public {
		l := s.list(sw, f)
		if from, to := l.host(rec[:f.AddrLen()]); to-from >= perHost {
			s.limited.overShare++
			s.remove(sw, id, f, l.stalest(from, to))
			return true
		}
	}
	if public && s.host(f, rec) >= s.cfg.MaxPerIP {
		s.limited.overShare++
		return false
	}
	if sw != nil && int(sw.runs[f].n) >= s.cfg.MaxPeers {
		s.limited.full++
		l := s.list(sw, f)
		s.remove(sw, id, f, l.stalest(0, l.n))
		return true
	}
	newSwarm := sw == nil
	if newSwarm && s.swarms.n >= s.cfg.MaxHashes {
		s.evictDeserted()
	}
	if s.peers >= s.cfg.MaxTotal || newSwarm && s.swarms.n >= s.cfg.MaxHashes {
		s.limited.full++
		s.sweep(at, newSwarm)
	}
	if s.peers >= s.cfg.MaxTotal && !s.evictFromLargest() {
		return false
	}
	return !newSwarm || s.swarms.n < s.cfg.MaxHashes
}

// sweep looks at the next swarms, round and round, for peers that have expired and, if a whole swarm must
// make room, for a stale one. It ends after sweepLen records.
func (s *Store) sweep(at uint32, wholeSwarm bool) {
	for steps, cost := s.swarms.n, 0; steps > 0 && cost < sweepLen; steps-- {
		if s.cursor--; s.cursor < 0 || s.cursor >= s.swarms.n {
			s.cursor = s.swarms.n - 1
		}
		removed, looked := s.expire(uint32(s.cursor), before(at, s.ttl()))
		cost += looked
		if wholeSwarm && s.swarms.n >= s.cfg.MaxHashes {
			s.evictDeserted() // it may just have become one
		}
		if removed == 0 && wholeSwarm {
			s.evictStale(uint32(s.cursor), before(at, s.ttl()/staleDivisor))
		}
		if s.peers < s.cfg.MaxTotal && (!wholeSwarm || s.swarms.n < s.cfg.MaxHashes) {
			return
		}
	}
}

// evictStale removes a swarm if the last announce of its only peer was before limit.
func (s *Store) evictStale(id, limit uint32) {
	sw := s.swarms.at(id)
	if sw.len() != 1 || sw.oldest >= limit {
		return
	}
	f := wire.IPv4
	if sw.runs[wire.IPv6].n == 1 {
		f = wire.IPv6
	}
	if at := s.list(sw, f).at(0); at >= limit {
		sw.oldest = at
		return
	}
	s.remove(sw, id, f, 0)
	s.removeSwarm(id)
}

// evictFromLargest removes the stalest peer of one of the largest swarms and reports whether there was one.
// It looks in the pool of the largest blocks in use; a swarm of one peer has none of these.
func (s *Store) evictFromLargest() bool {
	for class := uint8(classes - 1); class >= 2; class-- {
		n4, n6 := s.pools[wire.IPv4][class].n, s.pools[wire.IPv6][class].n
		if n4+n6 == 0 {
			continue
		}
		f := wire.IPv4
		if rand.IntN(n4+n6) >= n4 {
			f = wire.IPv6
		}
		pool := &s.pools[f][class]
		var largest *swarm
		var id uint32
		for range largestOf {
			owner := pool.owner(uint32(rand.IntN(pool.n)))
			if sw := s.swarms.at(owner); largest == nil || sw.runs[f].n > largest.runs[f].n {
				largest, id = sw, owner
			}
		}
		l := s.list(largest, f)
		s.remove(largest, id, f, l.stalest(0, l.n))
		return true
	}
	return false
}

// isPublic reports whether the IP of a record is limited to its share. In local networks (wire.Exempt) one
// host may be many nodes.
func isPublic(f wire.Family, rec []byte) bool {
	ip, _ := netip.AddrFromSlice(rec[:f.IPLen()])
	return !wire.Exempt(ip)
}

func anyValue(uint32) bool { return true }

func (s *Store) hostKey(f wire.Family, rec []byte) uint64 {
	return maphash.Bytes(s.seed, rec[:hostLen(f)])
}

// host returns how many peers the IP of a record has in the store.
func (s *Store) host(f wire.Family, rec []byte) int {
	if e := s.hosts.find(s.hostKey(f, rec), anyValue); e != nil {
		return int(e.Value)
	}
	return 0
}

func (s *Store) countHost(f wire.Family, rec []byte, d int) {
	if !isPublic(f, rec) {
		return
	}
	key := s.hostKey(f, rec)
	e := s.hosts.find(key, anyValue)
	if e == nil {
		s.hosts.add(key, uint32(d)) // d is 1: a peer is added before it is removed
		return
	}
	if count := int(e.Value) + d; count > 0 {
		e.Value = uint32(count)
	} else {
		s.hosts.remove(key, e)
	}
}
