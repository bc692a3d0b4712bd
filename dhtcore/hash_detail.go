package dhtcore

import (
	"time"

	"dhtop/dhtcore/ledger"
)

// Detail is what is known of the hash that a Viewer watches beyond its row in the ranking. See Viewer.WatchHash.
type Detail struct {
	InfoHash ID
	Row      HashRow // as of Snapshot.At; nothing but the InfoHash when memory has no row of it
	History  ledger.History
	Related  []HashRow // hashes that look like it, by rank, at most MaxRelated of Row.Related

	Sources   []Source  // that asked for it or announced it lately, the most active first, at most MaxSources
	Sightings int       // that Sources are made of, at most MaxSightings
	Since     time.Time // no sighting before is among them

	Swarm Swarm
	Past  Past

	OurTracker *TrackerCounts // what our tracker counts of it; nil without a tracker
}

// The bounds of a Detail.
const (
	MaxRelated   = 20
	MaxSources   = 100
	MaxSightings = 1 << 10 // the newest are kept, 70 KB
)
