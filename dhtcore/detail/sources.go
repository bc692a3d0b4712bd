package detail

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
)

// Source is one network and program that a hash was requested or announced from.
type Source struct {
	Addr      netip.AddrPort // of its last sighting. All have the first 24 bits in common, of IPv6 the first 48
	Client    string         // "" while unknown: the journal does not know it, and some do not say
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

// sightings are the last requests and announces of one hash. mu guards what is below it; the goroutines that
// read the sockets hold it for an append.
type sightings struct {
	hash wire.ID

	mu     sync.Mutex
	ring   []sighting // grows to MaxSightings, then next is the oldest
	next   int
	missed time.Time // of the newest that the ring has lost, or of the oldest event that the journal had

	grouped []Source // of the ring as it was when they were asked for last
	stale   bool     // the ring has changed since
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

// recall takes over what the journal has, before anybody else knows the ring.
func (r *sightings) recall(j *journal.Journal) {
	r.missed = time.Now()
	events := make([]journal.Event, 0, recallAtATime)
	for seq := uint64(0); ; {
		var lost uint64
		if events, lost = j.After(events[:0], seq, recallAtATime); len(events) == 0 {
			return
		}
		if seq == 0 {
			r.missed = events[0].At
		}
		seq += lost + uint64(len(events))
		for i := range events {
			if e := &events[i]; e.Hash == r.hash && (e.Kind == journal.Requested || e.Kind == journal.Announced) {
				r.add(sighting{at: e.At, addr: e.Addr, announce: e.Kind == journal.Announced})
			}
		}
	}
}

// add replaces the oldest once the ring is full. mu is held, unless nobody else has the ring yet.
func (r *sightings) add(s sighting) {
	r.stale = true
	if len(r.ring) < MaxSightings {
		r.ring = append(r.ring, s)
		return
	}
	r.missed = r.ring[r.next].at
	r.ring[r.next] = s
	r.next = (r.next + 1) % len(r.ring)
}

// sources returns the sightings by network and program, how many sightings they are made of, and since when
// none is missing. Nobody may change what it returns.
func (r *sightings) sources() (sources []Source, of int, since time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stale {
		r.grouped, r.stale = group(r.ring), false
	}
	return r.grouped, len(r.ring), r.missed
}

// programs returns the programs of the IP addresses that have told theirs.
func (r *sightings) programs() map[netip.Addr][4]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return programsOf(r.ring)
}

func programsOf(ring []sighting) map[netip.Addr][4]byte {
	programs := make(map[netip.Addr][4]byte)
	for i := range ring {
		if s := &ring[i]; s.version != ([4]byte{}) {
			programs[s.addr.Addr().Unmap()] = s.version
		}
	}
	return programs
}

// group makes Sources of sightings.
func group(ring []sighting) []Source {
	type key struct {
		network netip.Prefix
		version [4]byte
	}
	place, seen := make(map[key]int), make(map[netip.Addr]bool)
	programs := programsOf(ring) // where a program is known by another sighting
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
			continue // not possible: every sighting has an address
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

// clientName is the program that a BEP 5 version names; "" for none.
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
