// Package peers is the store of swarms: the peers that announced themselves for an info_hash, by DHT
// announce_peer (BEP 5) or to the tracker, each tagged with where it came from.
//
// dhtcore/node answers get_peers and sample_infohashes from it, dhtcore/tracker announces and scrapes. It
// is one in-memory structure with one lock of its own. Every method is safe for concurrent use, holds the
// lock for microseconds, and on the packet path allocates only when a slab grows. Config bounds it, and a
// peer expires TTL after its last announce.
//
// Swarms and peers are records in slabs without pointers, so that a million of them cost the garbage
// collector nothing. Figures are in .github/BENCHMARKS.md.
package peers

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Config bounds a Store. The zero value of a field means its default.
type Config struct {
	MaxHashes int           // swarms, default 100,000
	MaxPeers  int           // peers of one swarm and family, default 2,000, at most 65,535
	MaxTotal  int           // peers of all swarms, default 1,000,000
	MaxPerIP  int           // peers of one public IPv4 address or IPv6 /64 in all swarms, default 1,000
	TTL       time.Duration // from an announce to its expiry, default 30 minutes
	PeerIDs   bool          // keep the peer IDs that Track is told, 20 bytes each
}

// The defaults of Config.
const (
	DefaultMaxHashes = 100_000
	DefaultMaxPeers  = 2_000
	DefaultMaxTotal  = 1_000_000
	DefaultMaxPerIP  = 1_000
	DefaultTTL       = 30 * time.Minute
)

// Source is how a peer became known.
type Source uint8

// The sources.
const (
	DHT Source = iota + 1
	Tracker
	Bridge // a lookup in the DHT found it, for the clients of the tracker
)

// Store holds swarms by info_hash. Create it with New.
type Store struct {
	cfg     Config
	epoch   time.Time
	filters filterCache // has a lock of its own
	seed    maphash.Seed
	tail    int // bytes of a record behind its address

	mu       sync.Mutex
	index    index // the places of swarms + 1 by info_hash
	swarms   slab
	pools    [wire.Families][classes]pool
	deserted pool // of the swarms without peers: see deserted.go
	peers    int
	hosts    index // how many peers each public IP has
	cursor   int   // of sweep
	limited  limited
	gone     []Announces // of swarms that were removed since TakeAnnounces

	walking sync.Mutex // taken before mu
	walked  time.Time  // by Walk, last; guarded by walking
}

// New returns an empty store.
func New(cfg Config) *Store {
	cfg.MaxHashes = cmp.Or(cfg.MaxHashes, DefaultMaxHashes)
	cfg.MaxPeers = min(cmp.Or(cfg.MaxPeers, DefaultMaxPeers), maxRun)
	cfg.MaxTotal = cmp.Or(cfg.MaxTotal, DefaultMaxTotal)
	cfg.MaxPerIP = cmp.Or(cfg.MaxPerIP, DefaultMaxPerIP)
	cfg.TTL = cmp.Or(cfg.TTL, DefaultTTL)
	now := time.Now()
	s := &Store{cfg: cfg, epoch: now.Add(-cfg.TTL), walked: now, seed: maphash.MakeSeed(), tail: recordTail,
		index: newIndex(cfg.MaxHashes), hosts: newIndex(cfg.MaxTotal)}
	if cfg.PeerIDs {
		s.tail += peerIDLen
	}
	s.deserted = pool{blockLen: ownerLen, each: chunkLen / ownerLen}
	for f := range wire.Families {
		for class := range s.pools[f] {
			s.pools[f][class] = newPool(uint8(class), s.recordLen(f))
		}
	}
	return s
}

// Announce records that addr is a peer of hash at the time now, and returns how many peers the swarm has
// then. In the DHT a public IP address is one peer of a swarm, at the port that it announced last (BEP 33). A re-announce is always accepted. In a full swarm or store a new peer evicts another one, or is
// refused, as evict.go says.
func (s *Store) Announce(hash [20]byte, addr netip.AddrPort, seed bool, source Source, now time.Time) int {
	at, flags := s.second(now), byte(source)
	if seed {
		flags |= flagSeed
	}
	r, f := newRecord(addr, flags, at)
	rec := r[:s.recordLen(f)]
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, id := s.find(key, &hash)
	if sw != nil && source == DHT && isPublic(f, rec) {
		s.dropOtherPorts(sw, id, f, rec)
	}
	if sw, _ = s.put(sw, id, key, &hash, f, rec, at); sw == nil {
		return 0
	}
	return sw.len()
}

// put replaces or inserts the record of a peer of hash in its swarm sw, nil for a new one. It returns the swarm, nil if
// there is none and no room for one, and whether the peer is new in it. mu is held.
func (s *Store) put(sw *swarm, id uint32, key uint64, hash *[20]byte, f wire.Family, rec []byte, at uint32) (_ *swarm, fresh bool) {
	if sw != nil {
		l := s.list(sw, f)
		if i, found := l.find(rec[:f.AddrLen()]); found {
			sw.count(f, l.flags(i), -1)
			copy(l.record(i), rec)
			sw.count(f, l.flags(i), 1)
			sw.oldest = min(sw.oldest, at) // now may be before the last time
			return sw, false
		}
		if sw.len() == 0 && !sw.deserted() { // of one that only changes its port
			s.insert(sw, id, f, rec, at)
			return sw, true
		}
	}
	if !s.makeRoom(sw, id, f, rec, at) {
		sw, _ = s.find(key, hash)
		return sw, false
	}
	if sw, id = s.find(key, hash); sw == nil { // making room may have moved it
		sw, id = s.addSwarm(key, *hash, at)
	}
	s.insert(sw, id, f, rec, at)
	return sw, true
}

// Len returns how many swarms with peers and how many peers the store holds.
func (s *Store) Len() (swarms, peers int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.swarms.n - s.deserted.n, s.peers
}

// second returns t as it is stored: in seconds since the epoch of the store.
func (s *Store) second(t time.Time) uint32 { return uint32(max(t.Sub(s.epoch)/time.Second, 0)) }

func (s *Store) key(hash [20]byte) uint64 { return maphash.Bytes(s.seed, hash[:]) }

func (sw *swarm) len() int { return int(sw.runs[wire.IPv4].n) + int(sw.runs[wire.IPv6].n) }
