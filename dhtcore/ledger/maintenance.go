package ledger

import "math/bits"

// Some clients keep their routing tables with get_peers. libtorrent, and with it qBittorrent and Deluge, refreshes a
// bucket by asking one of its nodes for the peers of a random target in its own half of that bucket, and looks its own
// ID up in the same way (node_impl.cpp, bootstrap.cpp). No torrent has such a target, and nobody asks for it again. On a
// quiet node most hashes are of this kind.
//
// They give themselves away: a lookup asks nodes that are closer to its target than the asker is, and a refresh asks
// one that is not. So a request looks like maintenance if its target shares more bits with the ID of the asker than
// with that of the vantage that was asked. In a large network no other request does. In a small one, where a lookup
// asks everybody, some do by chance, the fewer the more bits are shared: see KindOfRequest.
//
// The verdict is on the hash. While all that was seen of it are such requests, they are counted apart, in Maintenance,
// and the hash has no rank. It is real, and from then on all its requests count, the earlier ones too, once it is
// announced, sampled, found or named, or requested without that look, by another source, or again after RepeatWithin:
// a random target is never asked for twice. Only targets that share selfBits with the asker may be, as some clients
// look themselves up again and again; no number of those makes a hash real. Figures: .github/BENCHMARKS.md.

const (
	// chanceBits is how many bits the target of a request must share with the ID of an asker that is not known to
	// refresh with get_peers, to look like maintenance: a hash shares as many with one asker in 256 by chance.
	chanceBits = 8
	// selfBits is how many bits no hash shares with the ID of an asker by chance: a lookup of the asker's own ID.
	// libtorrent changes the last 64 bits.
	selfBits = 40
)

// KindOfRequest returns Requested, Refreshed or SelfLookup for a get_peers for hash of the node with the ID asker to
// our vantage with the ID asked. version is the "v" of the query.
func KindOfRequest(hash, asker, asked [20]byte, version [4]byte) Kind {
	theirs := sharedBits(&hash, &asker)
	switch {
	case theirs <= sharedBits(&hash, &asked):
		return Requested
	case theirs >= selfBits:
		return SelfLookup
	case theirs >= chanceBits || version[0] == 'L' && version[1] == 'T': // libtorrent
		return Refreshed
	}
	return Requested
}

// sharedBits is the length of the common prefix of two IDs.
func sharedBits(a, b *[20]byte) int {
	for i := range a {
		if d := a[i] ^ b[i]; d != 0 {
			return 8*i + bits.LeadingZeros8(d)
		}
	}
	return 8 * len(a)
}

// maintenance reports whether a request of this kind looks like maintenance.
func (k Kind) maintenance() bool { return k == Refreshed || k == SelfLookup }

// demand and upkeep are the requests of the account, by what they are. The account has room for one of them.
func (a *account) demand() uint32 {
	if a.sizes.maintenance() {
		return 0
	}
	return a.requests
}

func (a *account) upkeep() uint32 { return a.requests - a.demand() }

// proves reports whether a sighting shows that a hash is real that was maintenance so far.
func (l *Ledger) proves(kind Kind, n *sighting, a *account) bool {
	switch kind {
	case Refreshed:
		l.flush() // the earlier request may be pending
		return uint32(a.sources) != n.source || n.at.ms()-a.last.ms() >= RepeatWithin.Milliseconds()
	case SelfLookup:
		return false
	}
	return true
}

// makeReal makes the requests of a hash count that were maintenance so far.
func (l *Ledger) makeReal(k key, a *account, place uint32) {
	l.flush() // what is pending was maintenance
	a.sizes &^= maintenanceBit
	l.hidden--
	l.totals[Refreshed] -= uint64(a.requests)
	l.totals[Requested] += uint64(a.requests)
	l.discovered(k)
	if l.changes.on {
		l.changes.of(a, place).requests = a.requests // none was saved as such
	}
	l.rise(a, place)
}

// discovered adds a real hash to the sketch of all.
func (l *Ledger) discovered(k key) {
	l.seen.InsertHash(mix(k.whole))
	l.seen.since++
}
