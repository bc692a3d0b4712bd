package peers

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// Update is one announce to a tracker.
type Update struct {
	Hash      [20]byte
	Peer      netip.AddrPort
	ID        [peerIDLen]byte // the peer ID, kept with Config.PeerIDs
	Seed      bool            // has everything
	Partial   bool            // has all that it wants (BEP 21)
	Named     bool            // Peer was named by the peer itself, not seen: local peers alone are told of it
	Stopped   bool            // leaves the swarm
	Completed bool            // has everything since now
	Life      time.Duration   // until the peer expires, at most Config.TTL

	Fresh bool // set by Track: the peer was not in the swarm
}

// Selection says which peers an announce wants, and receives them. V4 and V6 are appended to: compact addresses, each
// followed by a peer ID of 20 bytes with IDs.
type Selection struct {
	Want   int         // peers at most, of both families together
	Local  bool        // the announcer is in a local network: it can reach local peers
	First  wire.Family // is served first
	Both   bool        // the other family too
	IDs    bool        // needs Config.PeerIDs
	V4, V6 []byte
}

// Counts are the peers of a swarm, as a tracker tells of them.
type Counts struct {
	Seeds     int
	Leechers  int // all others
	Partial   int // of the Leechers, those that have all that they want (BEP 21)
	Completed int // peers that finished here, so far
	Bridged   int // peers that the tracker offers besides, as a lookup in the DHT found them; not among the others
}

// mostLooked is how many records a selection looks at in a swarm: it is made under the lock.
const mostLooked = 4096

// Track records an announce to a tracker, and appends the peers that sel asks for; nil asks for none. Peers that do not
// download, seeds and partial ones, are not told of each other. Nobody is told of itself. A new peer needs room as
// for Announce, and is answered without it.
func (s *Store) Track(u *Update, sel *Selection, now time.Time) Counts {
	at := before(s.second(now)+uint32(min(u.Life, s.cfg.TTL)/time.Second), s.ttl()) // expires at the end of Life
	r, f := newRecord(u.Peer, u.flags(), at)
	copy(r[f.AddrLen()+recordTail:], u.ID[:])
	rec := r[:s.recordLen(f)]
	key := s.key(u.Hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, id := s.find(key, &u.Hash)
	if u.Stopped {
		sw = s.leave(sw, id, f, rec)
	} else {
		done := s.isDone(sw, f, rec)
		if done || u.Completed {
			rec[f.AddrLen()] |= flagDone
		}
		sw, u.Fresh = s.put(sw, id, key, &u.Hash, f, rec, at)
		if sw != nil && u.Completed && !done {
			sw.completed++
		}
	}
	if sw == nil {
		return Counts{}
	}
	sw.lately++
	if !u.Stopped {
		sw.announces++
	}
	if sel != nil {
		s.choose(sw, sel, u.Seed || u.Partial, f, rec[:f.AddrLen()])
	}
	return sw.counts()
}

func (u *Update) flags() byte {
	flags := byte(Tracker)
	switch {
	case u.Seed:
		flags |= flagSeed
	case u.Partial:
		flags |= flagPartial
	}
	if u.Named {
		flags |= flagNamed
	}
	return flags
}

// leave removes a peer from its swarm, and returns what is left of the swarm.
func (s *Store) leave(sw *swarm, id uint32, f wire.Family, rec []byte) *swarm {
	if sw == nil {
		return nil
	}
	if i, found := s.list(sw, f).find(rec[:f.AddrLen()]); found {
		s.remove(sw, id, f, i)
	}
	if sw.len() == 0 {
		return s.emptied(sw, id)
	}
	return sw
}

// isDone reports whether a peer of the swarm, nil for none, has been counted as completed. That it is a seed says less: a
// client may have everything from peers that others told it of before its first announce.
func (s *Store) isDone(sw *swarm, f wire.Family, rec []byte) bool {
	if sw == nil {
		return false
	}
	l := s.list(sw, f)
	i, found := l.find(rec[:f.AddrLen()])
	return found && l.flags(i)&flagDone != 0
}

// choose appends peers of sw other than self to sel, with noSeed only those that download.
func (s *Store) choose(sw *swarm, sel *Selection, noSeed bool, f wire.Family, self []byte) {
	want := sel.Want
	for i, family := range [wire.Families]wire.Family{sel.First, sel.First.Other()} {
		if want <= 0 || i > 0 && !sel.Both {
			return
		}
		dst := &sel.V4
		if family == wire.IPv6 {
			dst = &sel.V6
		}
		l := s.list(sw, family)
		left := l.n // that could be told of
		if noSeed {
			left -= int(sw.seeds[family]) + int(sw.partial[family])
		}
		if l.n == 0 || left <= 0 {
			continue
		}
		at := rand.IntN(l.n)
		for looked := 0; looked < min(l.n, mostLooked) && want > 0 && left > 0; looked++ {
			rec := l.record(at)
			if at++; at == l.n {
				at = 0
			}
			flags, addr := rec[family.AddrLen()], rec[:family.AddrLen()]
			if noSeed && flags&(flagSeed|flagPartial) != 0 {
				continue
			}
			left--
			if family == f && bytes.Equal(addr, self) || !sel.Local && (flags&flagNamed != 0 || isLocal(family, addr)) ||
				isLoopback(family, addr) && !isLoopback(f, self) {
				continue
			}
			*dst = append(*dst, addr...)
			if sel.IDs {
				*dst = append(*dst, rec[len(addr)+recordTail:]...)
			}
			want--
		}
	}
}

// Select appends the peers of hash that sel asks for, without self, as Track does for one that downloads, and returns how
// many these are.
func (s *Store) Select(hash [20]byte, self netip.AddrPort, sel *Selection) (n int) {
	r, f := newRecord(self, 0, 0)
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, _ := s.find(key, &hash)
	if sw == nil {
		return 0
	}
	v4, v6, id := len(sel.V4), len(sel.V6), 0
	if sel.IDs {
		id = peerIDLen
	}
	s.choose(sw, sel, false, f, r[:f.AddrLen()])
	return (len(sel.V4)-v4)/(wire.IPv4.AddrLen()+id) + (len(sel.V6)-v6)/(wire.IPv6.AddrLen()+id)
}

// Has reports whether a peer is in the swarm of hash.
func (s *Store) Has(hash [20]byte, peer netip.AddrPort) bool {
	r, f := newRecord(peer, 0, 0)
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, _ := s.find(key, &hash)
	if sw == nil {
		return false
	}
	_, found := s.list(sw, f).find(r[:f.AddrLen()])
	return found
}

// Remove removes a peer from the swarm of hash, if it is in it.
func (s *Store) Remove(hash [20]byte, peer netip.AddrPort) {
	r, f := newRecord(peer, 0, 0)
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, id := s.find(key, &hash)
	s.leave(sw, id, f, r[:])
}

// isLoopback reports whether an address means nothing outside its machine.
func isLoopback(f wire.Family, addr []byte) bool {
	if f == wire.IPv4 {
		return addr[0] == 127
	}
	return netip.AddrFrom16([16]byte(addr)) == netip.IPv6Loopback()
}

// isLocal reports whether an address means nothing outside its network.
func isLocal(f wire.Family, addr []byte) bool {
	ip, _ := netip.AddrFromSlice(addr[:f.IPLen()])
	return wire.Local(ip)
}

func (sw *swarm) counts() (c Counts) {
	for f := range wire.Families {
		c.Seeds += int(sw.seeds[f])
		c.Partial += int(sw.partial[f])
	}
	c.Leechers, c.Completed = sw.len()-c.Seeds, int(sw.completed)
	return c
}

// Counts returns the counts of one swarm; those of an unknown hash are zero.
func (s *Store) Counts(hash [20]byte) Counts {
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	if sw, _ := s.find(key, &hash); sw != nil {
		return sw.counts()
	}
	return Counts{}
}
