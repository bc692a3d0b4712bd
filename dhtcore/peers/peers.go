// Package peers is the store of swarms: the peers that announced themselves for an info_hash, by DHT
// announce_peer (BEP 5) or to the tracker, each tagged with where it came from.
//
// dhtcore/node answers get_peers and sample_infohashes from it and dhtcore/tracker announces. It is
// one in-memory structure with one lock of its own; every method is safe for concurrent use, and
// those on the packet path allocate only when a swarm grows. It is bounded by Config, and a peer
// leaves it TTL after its last announce.
package peers

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Config bounds a Store. The zero value of a field means its default.
type Config struct {
	MaxHashes int           // swarms, default 100,000
	MaxPeers  int           // peers of one swarm and family, default 2,000
	TTL       time.Duration // from an announce to its expiry, default 30 minutes
}

// The defaults of Config.
const (
	DefaultMaxHashes = 100_000
	DefaultMaxPeers  = 2_000
	DefaultTTL       = 30 * time.Minute
)

// Source tells how a peer came to be known.
type Source uint8

// The sources.
const (
	DHT Source = iota + 1
	Tracker
)

// Store holds swarms by info_hash. Create it with New.
type Store struct {
	cfg   Config
	epoch time.Time

	mu     sync.Mutex
	swarms map[[20]byte]*swarm
	peers  int
}

// swarm keeps its peers sorted by address, so that an announce finds its peer by binary search and a
// sample is a run from a random start.
type swarm struct {
	v4 []peer4
	v6 []peer6
}

type peer4 struct {
	addr   [6]byte // compact form
	seed   bool
	source Source
	at     uint32 // seconds since the store's epoch
}

type peer6 struct {
	addr   [18]byte
	seed   bool
	source Source
	at     uint32
}

// New returns an empty store.
func New(cfg Config) *Store {
	cfg.MaxHashes = cmp.Or(cfg.MaxHashes, DefaultMaxHashes)
	cfg.MaxPeers = cmp.Or(cfg.MaxPeers, DefaultMaxPeers)
	cfg.TTL = cmp.Or(cfg.TTL, DefaultTTL)
	return &Store{cfg: cfg, epoch: time.Now(), swarms: make(map[[20]byte]*swarm)}
}

// Announce records that addr is a peer of hash at the time now, and returns how many peers the swarm
// has with it. A swarm or store that is full takes nobody new until Expire has made room.
func (s *Store) Announce(hash [20]byte, addr netip.AddrPort, seed bool, source Source, now time.Time) int {
	at := uint32(max(now.Sub(s.epoch)/time.Second, 0))
	s.mu.Lock()
	defer s.mu.Unlock()
	sw := s.swarms[hash]
	if sw == nil {
		if len(s.swarms) >= s.cfg.MaxHashes {
			return 0
		}
		sw = &swarm{}
		s.swarms[hash] = sw
	}
	before := len(sw.v4) + len(sw.v6)
	if ip := addr.Addr().Unmap(); ip.Is4() {
		p := peer4{seed: seed, source: source, at: at}
		a := ip.As4()
		copy(p.addr[:], a[:])
		binary.BigEndian.PutUint16(p.addr[4:], addr.Port())
		i, found := slices.BinarySearchFunc(sw.v4, p, func(a, b peer4) int { return bytes.Compare(a.addr[:], b.addr[:]) })
		sw.v4 = put(sw.v4, i, found, p, s.cfg.MaxPeers)
	} else {
		p := peer6{seed: seed, source: source, at: at}
		a := ip.As16()
		copy(p.addr[:], a[:])
		binary.BigEndian.PutUint16(p.addr[16:], addr.Port())
		i, found := slices.BinarySearchFunc(sw.v6, p, func(a, b peer6) int { return bytes.Compare(a.addr[:], b.addr[:]) })
		sw.v6 = put(sw.v6, i, found, p, s.cfg.MaxPeers)
	}
	after := len(sw.v4) + len(sw.v6)
	s.peers += after - before
	return after
}

func put[P any](list []P, i int, found bool, p P, limit int) []P {
	switch {
	case found:
		list[i] = p
	case len(list) < limit:
		list = slices.Insert(list, i, p)
	}
	return list
}

// AppendCompact appends up to n peers of hash in compact form, of IPv6 or of IPv4: a run of the
// swarm from a random start, so that repeated questions see all of a large swarm. noSeed leaves out
// those that said they are seeds (BEP 33).
func (s *Store) AppendCompact(dst []byte, hash [20]byte, v6, noSeed bool, n int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	sw := s.swarms[hash]
	if sw == nil {
		return dst
	}
	if v6 {
		start := randomStart(len(sw.v6))
		for i := 0; i < len(sw.v6) && n > 0; i++ {
			if p := &sw.v6[(start+i)%len(sw.v6)]; !noSeed || !p.seed {
				dst = append(dst, p.addr[:]...)
				n--
			}
		}
		return dst
	}
	start := randomStart(len(sw.v4))
	for i := 0; i < len(sw.v4) && n > 0; i++ {
		if p := &sw.v4[(start+i)%len(sw.v4)]; !noSeed || !p.seed {
			dst = append(dst, p.addr[:]...)
			n--
		}
	}
	return dst
}

func randomStart(n int) int {
	if n == 0 {
		return 0
	}
	return rand.IntN(n)
}

// AppendSamples appends up to n of the stored info_hashes, 20 bytes each, and returns how many are
// stored (BEP 51). A map's iteration starts at a random place, which makes the sample random.
func (s *Store) AppendSamples(dst []byte, n int) (samples []byte, stored int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash := range s.swarms {
		if n <= 0 {
			break
		}
		dst = append(dst, hash[:]...)
		n--
	}
	return dst, len(s.swarms)
}

// Expire forgets the peers that have not announced themselves for TTL, and the swarms that this
// empties. It returns how many peers went.
func (s *Store) Expire(now time.Time) (gone int) {
	oldest := now.Sub(s.epoch) - s.cfg.TTL
	if oldest < 0 {
		return 0
	}
	limit := uint32(oldest / time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, sw := range s.swarms {
		before := len(sw.v4) + len(sw.v6)
		sw.v4 = slices.DeleteFunc(sw.v4, func(p peer4) bool { return p.at < limit })
		sw.v6 = slices.DeleteFunc(sw.v6, func(p peer6) bool { return p.at < limit })
		after := len(sw.v4) + len(sw.v6)
		gone += before - after
		if after == 0 {
			delete(s.swarms, hash)
		}
	}
	s.peers -= gone
	return gone
}

// Len returns how many swarms and how many peers the store holds.
func (s *Store) Len() (swarms, peers int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.swarms), s.peers
}
