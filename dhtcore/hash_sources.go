package dhtcore

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Source is one network and program that a hash was requested or announced from.
type Source struct {
	Addr      netip.AddrPort // of its last sighting. All have the first 24 bits in common, of IPv6 the first 48
	Client    string         // "" while unknown: as it is of what the journal told, and of who does not say
	Addrs     int            // distinct IP addresses
	Requests  int
	Announces int
	Last      time.Time
}

// A Source's network.
const (
	sourceBits4 = 24
	sourceBits6 = 48
)

// watch remembers the sightings of one hash. Its lock guards what is behind it; the goroutines that read
// the sockets hold it for an append.
type watch struct {
	hash ID

	mu     sync.Mutex
	ring   []sighting // grows to MaxSightings, then next is the oldest
	next   int
	missed time.Time // when the newest was that is in it no more, or the oldest that the journal had

	grouped []Source // of the ring, until that changes: then it is fresh
	fresh   bool
}

// sighting is one request or announce.
type sighting struct {
	at       time.Time
	addr     netip.AddrPort
	version  [4]byte
	announce bool
}

// recallAtATime is how many events of the journal are looked at before its writers may go on.
const recallAtATime = 256

// recall takes over what the journal has, before anybody else knows the watch.
func (w *watch) recall(j *journal.Journal) {
	w.missed = time.Now()
	events := make([]Event, 0, recallAtATime)
	for seq := uint64(0); ; {
		var lost uint64
		if events, lost = j.After(events[:0], seq, recallAtATime); len(events) == 0 {
			return
		}
		if seq == 0 {
			w.missed = events[0].At
		}
		seq += lost + uint64(len(events))
		for i := range events {
			if e := &events[i]; e.Hash == w.hash && (e.Kind == journal.Requested || e.Kind == journal.Announced) {
				w.add(sighting{at: e.At, addr: e.Addr, announce: e.Kind == journal.Announced})
			}
		}
	}
}

// watchedSees takes a request or announce of addr into the watch, if it is of the hash that is watched.
func (e *Explorer) watchedSees(v *node.Event, addr netip.AddrPort) {
	w := e.watched.Load()
	if w == nil || w.hash != v.Hash {
		return
	}
	s := sighting{at: v.At, addr: addr, version: v.Version, announce: v.Kind == node.Announced}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(s)
}

func (w *watch) add(s sighting) {
	w.fresh = true
	if len(w.ring) < MaxSightings {
		w.ring = append(w.ring, s)
		return
	}
	w.missed = w.ring[w.next].at
	w.ring[w.next] = s
	w.next = (w.next + 1) % len(w.ring)
}

// sources returns the sightings by network and program, how many they are, and since when they are
// complete. Nobody may change what it returns.
func (w *watch) sources() (sources []Source, sightings int, since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fresh {
		w.grouped, w.fresh = group(w.ring), false
	}
	return w.grouped, len(w.ring), w.missed
}

// group makes Sources of sightings.
func group(ring []sighting) []Source {
	type key struct {
		network netip.Prefix
		version [4]byte
	}
	place, seen := make(map[key]int), make(map[netip.Addr]bool)
	programs := make(map[netip.Addr][4]byte) // of those whose program is known by another sighting
	for i := range ring {
		if s := &ring[i]; s.version != ([4]byte{}) {
			programs[s.addr.Addr().Unmap()] = s.version
		}
	}
	var all []Source
	for i := range ring {
		s := &ring[i]
		ip := s.addr.Addr().Unmap()
		version := programs[ip]
		bits := sourceBits4
		if ip.Is6() {
			bits = sourceBits6
		}
		network, err := ip.Prefix(bits)
		if err != nil {
			continue // no address, which is not possible
		}
		at, known := place[key{network, version}]
		if !known {
			at = len(all)
			place[key{network, version}] = at
			all = append(all, Source{Client: clientName(version)})
		}
		src := &all[at]
		if !seen[ip] {
			seen[ip] = true
			src.Addrs++
		}
		if s.announce {
			src.Announces++
		} else {
			src.Requests++
		}
		if !s.at.Before(src.Last) {
			src.Last, src.Addr = s.at, s.addr
		}
	}
	slices.SortFunc(all, func(a, b Source) int {
		return cmp.Or(cmp.Compare(b.Requests+b.Announces, a.Requests+a.Announces), b.Last.Compare(a.Last), a.Addr.Compare(b.Addr))
	})
	return all[:min(len(all), MaxSources)]
}

// clientName is the program that a version means; "" for none.
func clientName(v [4]byte) string {
	switch {
	case v == [4]byte{}:
		return ""
	case v[2] == 0 && v[3] == 0: // two letters and no version
		return wire.ClientName(string(v[:2]))
	default:
		return wire.ClientName(string(v[:]))
	}
}
