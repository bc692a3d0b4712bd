// Package silent keeps what we ask away from addresses that never answer: anybody can name an address to us, under any number of
// IDs, for any number of targets, so as to have us send there. dhtcore has one Addresses that lookups, the crawl and the upkeep
// of the tables share, and one for the peers that it fetches metadata from.
package silent

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// What an address that never answers gets.
const (
	MaxUnanswered     = 2                // packets, until an answer or for silentFor; one may get lost
	maxUnansweredHost = 10               // packets to one IP address, at all of its ports
	silentFor         = 15 * time.Minute // since the last packet
	maxAddresses      = 1 << 17          // of a generation, of which there are two: those asked in 15 minutes at the usual limit
)

// ErrSilent says that an address was not asked.
var ErrSilent = errors.New("not asked: this address has not answered lately")

// Addresses remembers who answers. An address that has answered in the last silentFor may be asked any number of times. When
// the newer generation is full it becomes the older one. The zero value is empty. mu guards it.
type Addresses struct {
	mu           sync.Mutex
	newer, older map[uint64]asking // by the hash of an address
	waiting      map[uint64]chan struct{}
}

// asking is what became of the queries to an address.
type asking struct {
	at       int64 // the last query or, if it has answered, the last answer: Unix time in ns
	silent   uint8 // queries, none of which has been answered
	answered bool
}

// addressSeed is random, so that nobody can make up addresses that collide.
var addressSeed = maphash.MakeSeed()

// Forget starts anew: while our own network was away, silence said nothing about anybody.
func (s *Addresses) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newer, s.older = nil, nil
	for key := range s.waiting {
		s.wake(key)
	}
}

func addressKey(addr netip.AddrPort) uint64 {
	var b [18]byte
	ip := addr.Addr().As16()
	copy(b[:], ip[:])
	binary.BigEndian.PutUint16(b[16:], addr.Port())
	return maphash.Bytes(addressSeed, b[:])
}

// hostKey is the key of an IP address.
func hostKey(addr netip.AddrPort) uint64 { return addressKey(netip.AddrPortFrom(addr.Addr(), 0)) }

// find returns what is remembered of an address. mu is held.
func (s *Addresses) find(key uint64, now time.Time) asking {
	a, known := s.newer[key]
	if !known {
		a = s.older[key]
	}
	if now.UnixNano()-a.at >= int64(silentFor) {
		return asking{}
	}
	return a
}

// put remembers something of an address. mu is held.
func (s *Addresses) put(key uint64, a asking) {
	if s.newer == nil || len(s.newer) >= maxAddresses {
		s.newer, s.older = make(map[uint64]asking), s.newer
	}
	s.newer[key] = a
}

// IsSilent reports whether an address has not answered any of the queries that it may get.
func (s *Addresses) IsSilent(addr netip.AddrPort, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.find(addressKey(addr), now)
	return a.used(MaxUnanswered) && !a.open(now) || s.hostUsed(addr.Addr(), now)
}

// HasAnswered reports whether an address has answered lately.
func (s *Addresses) HasAnswered(addr netip.AddrPort, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(addressKey(addr), now).answered
}

// hostUsed reports whether nothing has answered at an IP address that has had the queries that it may get. In local
// networks many nodes share one. mu is held.
func (s *Addresses) hostUsed(ip netip.Addr, now time.Time) bool {
	return !wire.Local(ip) && s.find(hostKey(netip.AddrPortFrom(ip, 0)), now).used(maxUnansweredHost)
}

// used reports whether the address has had that many queries without an answer.
func (a asking) used(limit uint8) bool { return !a.answered && a.silent >= limit }

// open reports whether the last query may still be answered.
func (a asking) open(now time.Time) bool { return now.UnixNano()-a.at < int64(node.DefaultTimeout) }

// Ask takes one of the queries that an address may get. While the last of them may still be answered, it waits for the
// outcome; then the error is ErrSilent, or that of ctx.
func (s *Addresses) Ask(ctx context.Context, addr netip.AddrPort) error {
	for {
		now := time.Now()
		taken, wake, left := s.take(addr, now)
		switch {
		case taken:
			return nil
		case wake == nil:
			return ErrSilent
		}
		if err := waitFor(ctx, wake, left); err != nil {
			return err
		}
	}
}

// take takes a query to an address if it may get one. If that depends on whether the last one will be answered, it
// returns what is closed then, and how long that may take.
func (s *Addresses) take(addr netip.AddrPort, now time.Time) (taken bool, wake chan struct{}, left time.Duration) {
	key := addressKey(addr)
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.find(key, now)
	switch {
	case a.answered:
		return true, nil, 0
	case a.used(MaxUnanswered) && a.open(now):
		return false, s.waitingFor(key), node.DefaultTimeout - time.Duration(now.UnixNano()-a.at)
	case a.used(MaxUnanswered), s.hostUsed(addr.Addr(), now):
		s.wake(key)
		return false, nil, 0
	}
	for _, key := range [...]uint64{key, hostKey(addr)} {
		if a := s.find(key, now); !a.answered {
			s.put(key, asking{at: now.UnixNano(), silent: min(a.silent+1, maxUnansweredHost)})
		}
	}
	return true, nil, 0
}

// waitingFor returns what is closed when the address with a key answers. mu is held.
func (s *Addresses) waitingFor(key uint64) chan struct{} {
	if s.waiting == nil {
		s.waiting = make(map[uint64]chan struct{})
	}
	if s.waiting[key] == nil {
		s.waiting[key] = make(chan struct{})
	}
	return s.waiting[key]
}

// waitFor waits until wake is closed, for d at most, or returns the error of ctx.
func waitFor(ctx context.Context, wake <-chan struct{}, d time.Duration) error {
	late := time.NewTimer(d)
	defer late.Stop()
	select {
	case <-wake:
	case <-late.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Outcome takes in what became of a query that Ask let go. An error of ctx says nothing yet.
func (s *Addresses) Outcome(addr netip.AddrPort, err error) {
	var unsent *node.SendError
	var refused *wire.Error
	switch {
	case err == nil, errors.As(err, &refused), errors.Is(err, wire.ErrInvalid):
		s.Answered(addr)
	case errors.As(err, &unsent), errors.Is(err, node.ErrBusy):
		s.Unsent(addr)
	}
}

// Answered takes in that something came from an address.
func (s *Addresses) Answered(addr netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range [...]uint64{addressKey(addr), hostKey(addr)} {
		s.put(key, asking{at: time.Now().UnixNano(), answered: true})
		s.wake(key)
	}
}

// Unsent gives back a query that was not sent.
func (s *Addresses) Unsent(addr netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range [...]uint64{addressKey(addr), hostKey(addr)} {
		if a := s.find(key, time.Now()); a.silent > 0 {
			a.silent--
			s.put(key, a)
		}
		s.wake(key)
	}
}

// wake lets those who wait for an address look again. mu is held.
func (s *Addresses) wake(key uint64) {
	if wake := s.waiting[key]; wake != nil {
		close(wake)
		delete(s.waiting, key)
	}
}
