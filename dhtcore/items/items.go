// Package items is the store of BEP 44 items: values of up to 1,000 bytes that other nodes put here, under their hash
// or under the public key that signed them.
//
// dhtcore/node answers get and put from it. It is one in-memory structure with one lock of its own; every method is
// safe for concurrent use, and signatures are checked before the lock is taken. Config bounds it. An item expires TTL
// after its last put, and a full store drops the item whose last put is the longest ago. One sender may store only
// its share, so that a flood does not displace the items of others.
package items

import (
	"bytes"
	"cmp"
	"container/list"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// Config bounds a Store. The zero value of a field means its default.
type Config struct {
	MaxItems int           // default 20,000
	MaxEach  int           // items of one host (wire.HostKey), default 100
	MaxBytes int           // of memory in all, about; default 16 MiB
	TTL      time.Duration // from a put to its expiry, default 2 hours
}

// The defaults of Config. The TTL is BEP 44's: an item is kept alive by a put every hour.
const (
	DefaultMaxItems = 20_000
	DefaultMaxEach  = 100 // a source with more at one node has millions in the network
	DefaultMaxBytes = 16 << 20
	DefaultTTL      = 2 * time.Hour
)

// overhead is the memory in bytes of an item besides its content: its entry, and its places in the list and the map.
const overhead = 384

// The reasons not to store a well-formed item. All are *wire.Error, like those of Item.Check.
var (
	ErrCAS    error = &wire.Error{Code: wire.CodeCAS, Text: "the CAS hash mismatched, re-read value and try again"}
	ErrOldSeq error = &wire.Error{Code: wire.CodeOldSeq, Text: "sequence number less than current"}
	ErrShare  error = &wire.Error{Code: wire.CodeGeneric, Text: "too many items from your address"}
)

// Store holds items by their target. Create it with New.
type Store struct {
	cfg Config

	mu       sync.Mutex
	byTarget map[wire.ID]*list.Element
	byAge    list.List          // of *entry, the one with the latest put at the back
	each     map[netip.Addr]int // items by the host that put them last
	bytes    int

	overShare, pushedOut uint64 // so far
}

type entry struct {
	target wire.ID
	item   wire.Item  // never written to again, so that Get may hand it out
	by     netip.Addr // the host that put it last; invalid in local networks, where no host is held to a share
	put    time.Time
}

func (e *entry) size() int {
	return overhead + len(e.item.Value) + len(e.item.Key) + len(e.item.Sig)
}

// New returns an empty store.
func New(cfg Config) *Store {
	cfg.MaxItems = cmp.Or(cfg.MaxItems, DefaultMaxItems)
	cfg.MaxEach = cmp.Or(cfg.MaxEach, DefaultMaxEach)
	cfg.MaxBytes = cmp.Or(cfg.MaxBytes, DefaultMaxBytes)
	cfg.TTL = cmp.Or(cfg.TTL, DefaultTTL)
	return &Store{cfg: cfg, byTarget: make(map[wire.ID]*list.Element), each: make(map[netip.Addr]int)}
}

// Put stores a copy of it, put from the address from at the time now. The error is nil or a *wire.Error to answer the
// put with: one of Item.Check, ErrCAS, ErrOldSeq or ErrShare.
func (s *Store) Put(it *wire.Item, from netip.Addr, now time.Time) error {
	if err := it.Check(); err != nil {
		return err
	}
	e := &entry{target: it.Target(), item: lasting(it), put: now}
	if host, limited := wire.HostKey(from); limited {
		e.by = host
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	place := s.byTarget[e.target]
	if place != nil {
		if err := mayFollow(&place.Value.(*entry).item, it); err != nil {
			return err
		}
	}
	if s.each[e.by] >= s.cfg.MaxEach && (place == nil || place.Value.(*entry).by != e.by) {
		s.overShare++
		return ErrShare
	}
	if place != nil {
		s.drop(place)
	}
	s.keep(e)
	for s.byAge.Len() > s.cfg.MaxItems || s.bytes > s.cfg.MaxBytes {
		s.pushedOut++
		s.drop(s.byAge.Front())
	}
	return nil
}

// lasting returns a copy of what a get needs: only the value if the item is immutable.
func lasting(it *wire.Item) wire.Item {
	kept := wire.Item{Value: it.Value}
	if it.Mutable() {
		kept.Key, kept.Sig, kept.Seq, kept.HasSeq = it.Key, it.Sig, it.Seq, true
	}
	return kept.Clone()
}

// mayFollow returns the error with which next must not replace stored, or nil. The same item may be put again, which
// extends its life.
func mayFollow(stored, next *wire.Item) error {
	switch {
	case !stored.Mutable() || !next.Mutable():
		return nil
	case next.HasCAS && next.CAS != stored.Seq:
		return ErrCAS
	case next.Seq < stored.Seq, next.Seq == stored.Seq && !bytes.Equal(next.Value, stored.Value):
		return ErrOldSeq
	}
	return nil
}

// Get returns the item that is stored at target as of now. It shares memory with the store and must not be changed.
func (s *Store) Get(target wire.ID, now time.Time) (it wire.Item, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	place := s.byTarget[target]
	if place == nil {
		return wire.Item{}, false
	}
	return place.Value.(*entry).item, true
}

// Len returns how many items are stored as of now and about how many bytes they take.
func (s *Store) Len(now time.Time) (items, bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	return s.byAge.Len(), s.bytes
}

// expire drops the items whose last put is TTL ago. They are at the front of the list, so a call with nothing to do
// costs nothing, and no timer is needed. mu is held.
func (s *Store) expire(now time.Time) {
	for first := s.byAge.Front(); first != nil && now.Sub(first.Value.(*entry).put) >= s.cfg.TTL; first = s.byAge.Front() {
		s.drop(first)
	}
}

func (s *Store) keep(e *entry) {
	s.byTarget[e.target] = s.byAge.PushBack(e)
	s.bytes += e.size()
	if e.by.IsValid() {
		s.each[e.by]++
	}
}

func (s *Store) drop(place *list.Element) {
	e := s.byAge.Remove(place).(*entry)
	delete(s.byTarget, e.target)
	s.bytes -= e.size()
	if s.each[e.by]--; s.each[e.by] <= 0 {
		delete(s.each, e.by)
	}
}
