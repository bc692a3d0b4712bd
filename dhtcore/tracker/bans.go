package tracker

import (
	"cmp"
	"hash/maphash"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/wire"
)

// A source that sends many bad connection IDs is banned: its datagrams get no answer, not even an error, unless they
// ask for a connection ID or have a valid one. Anybody can send datagrams in the name of others, so a ban must not keep
// out the one whose name it is.
const (
	banAfter  = 32              // bad IDs within forgive of each other; a restart of ours makes some of every client
	forgive   = time.Minute     // without a bad ID, when the count starts again
	banFor    = 5 * time.Minute // from the last bad ID
	banPlaces = 1 << 12         // sources that are remembered: each has one place, which others may take when it is free
)

// bans remembers who sent bad connection IDs, in bounded memory. mu guards places.
type bans struct {
	seed maphash.Seed

	mu     *sync.Mutex
	places []offender
}

type offender struct {
	key  uint64
	host netip.Addr // the network of an IPv6 address
	bad  int
	last time.Time
}

func newBans() bans {
	return bans{seed: maphash.MakeSeed(), mu: new(sync.Mutex), places: make([]offender, banPlaces)}
}

// offend notes a bad connection ID from addr and reports whether it is banned.
func (b *bans) offend(addr netip.Addr, now time.Time) (banned bool) {
	host, _ := wire.HostKey(addr)
	a := host.As16()
	key := maphash.Bytes(b.seed, a[:])
	b.mu.Lock()
	defer b.mu.Unlock()
	o := &b.places[key%banPlaces]
	if o.banned(now) && o.key != key {
		return false // the place is taken
	}
	if o.key != key || !o.banned(now) && now.Sub(o.last) > forgive {
		*o = offender{key: key, host: host}
	}
	o.bad++
	o.last = now
	return o.banned(now)
}

func (o *offender) banned(now time.Time) bool { return o.bad > banAfter && now.Sub(o.last) < banFor }

// Ban is a source that is banned.
type Ban struct {
	Host  netip.Addr // an IPv4 address, or the /64 of an IPv6 one with zeros behind it
	Bad   int        // connection IDs
	Until time.Time  // unless more come
}

// Bans returns the sources that are banned, those with the most bad connection IDs first, at most n of them.
func (t *Tracker) Bans(n int, now time.Time) []Ban {
	all := t.bans.all(now)
	slices.SortFunc(all, func(a, b Ban) int { return cmp.Or(cmp.Compare(b.Bad, a.Bad), a.Host.Compare(b.Host)) })
	return slices.Clip(all[:min(n, len(all))])
}

func (b *bans) all(now time.Time) (all []Ban) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.places {
		if o := &b.places[i]; o.banned(now) {
			all = append(all, Ban{o.host, o.bad, o.last.Add(banFor)})
		}
	}
	return all
}

// count returns how many sources are banned.
func (b *bans) count(now time.Time) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.places {
		if b.places[i].banned(now) {
			n++
		}
	}
	return n
}
