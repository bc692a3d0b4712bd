// Package detail is what is known of the hashes that somebody looks at: who asked for them, their swarms, and what the store has
// of earlier runs. dhtcore has one Watcher, which its Viewers share and which the goroutines that read the sockets tell of
// requests; they take no lock for a hash that nobody watches.
package detail

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Detail is what is known of the hash that a Viewer watches beyond its row in the ranking. See Viewer.WatchHash.
type Detail struct {
	InfoHash wire.ID
	Row      ledger.HashRow // as of Snapshot.At; nothing but the InfoHash when memory has no row of it
	History  ledger.History
	Related  []ledger.HashRow // hashes that look like it, by rank, at most MaxRelated of Row.Related

	Sources   []Source  // that asked for it or announced it lately, the most active first, at most MaxSources
	Sightings int       // that Sources are made of, at most MaxSightings
	Since     time.Time // no sighting before is among them

	Swarm Swarm
	Past  Past

	OurTracker *peers.Counts // what our tracker counts of it; nil without a tracker
}

// The bounds of a Detail.
const (
	MaxRelated   = 20
	MaxSources   = 100
	MaxSightings = 1 << 10 // the newest are kept, 70 KB
)

// findPlaces looks up the addresses in it, so that who draws it reads no file.
func (d *Detail) findPlaces(db *geo.DB) {
	if db == nil {
		return
	}
	d.EachAddr(func(addr netip.AddrPort) {
		if addr.IsValid() {
			db.Find(addr.Addr())
		}
	})
}

// EachAddr calls do with the addresses in it.
func (d *Detail) EachAddr(do func(netip.AddrPort)) {
	for i := range d.Sources {
		do(d.Sources[i].Addr)
	}
	for i := range d.Swarm.Peers {
		do(d.Swarm.Peers[i].Addr)
	}
}
