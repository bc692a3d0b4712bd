package report

import (
	"dhtop/dhtcore"
)

// HashDetail is all that is known of one hash but its peers: the document of /api/v1/hashes/{info_hash}.
type HashDetail struct {
	Ranked
	Magnet      string        `json:"magnet"`
	SameTorrent []dhtcore.ID  `json:"same_torrent"` // the other hash of a hybrid torrent (BEP 52)
	Torrent     *Torrent      `json:"torrent"`      // null until its name was fetched
	Swarm       SwarmCounts   `json:"swarm"`
	History     HashHistory   `json:"history"`
	Sources     []HashSource  `json:"recent_sources"`                 // that asked for it or announced it lately, the most active first
	Sightings   int           `json:"recent_sightings"`               // that the sources are made of
	Since       timestamp     `json:"recent_since"`                   // no sighting before is among them
	PeersByDay  []uint32      `json:"new_peers_by_day" schema:"null"` // of the last 30 days, today last; null without a store, or before it was read
	AlikeHashes []Ranked      `json:"alike_hashes"`
	Trackers    *TrackerCheck `json:"trackers"` // null where nobody has named any
}

// SwarmCounts are what this node knows of a swarm.
type SwarmCounts struct {
	Known int `json:"known"` // peers
	Seeds int `json:"seeds"` // of them, those that announced themselves here as such
}

// HashHistory is how often a hash was requested, in slots, the oldest first.
type HashHistory struct {
	TenSeconds []uint32 `json:"per_10_seconds"`
	Minutes    []uint32 `json:"per_30_seconds"`
	Hour       []uint32 `json:"per_5_minutes"`
}

// HashSource is one network and program that a hash was requested or announced from.
type HashSource struct {
	Addr      string    `json:"addr"`   // of the last sighting
	Client    string    `json:"client"` // "" while unknown
	Addresses int       `json:"addresses"`
	Requests  int       `json:"requests"`
	Announces int       `json:"announces"`
	LastSeen  timestamp `json:"last_seen"`
}

// NewHashDetail returns the JSON form of the detail of a Snapshot that has one.
func NewHashDetail(s *dhtcore.Snapshot, o Options) HashDetail {
	d := s.Detail
	out := HashDetail{Ranked: NewRanked(&d.Row), SameTorrent: []dhtcore.ID{}, Swarm: SwarmCounts{d.Swarm.Known, d.Swarm.Seeds},
		History: HashHistory{d.History.Trend[:], d.History.Minutes[:], d.History.Hour[:]},
		Sources: make([]HashSource, len(d.Sources)), Sightings: d.Sightings, Since: timestamp(d.Since), AlikeHashes: make([]Ranked, len(d.Related))}
	out.Magnet = MagnetLink(&d.Row)
	if other, known := s.SameTorrent[d.InfoHash]; known {
		out.SameTorrent = append(out.SameTorrent, other)
	}
	if info := s.Metadata[d.InfoHash]; info != nil {
		out.Torrent = newTorrent(info, o)
	}
	for i := range d.Sources {
		p := &d.Sources[i]
		out.Sources[i] = HashSource{o.addr(p.Addr), o.Text(p.Client), p.Addrs, p.Requests, p.Announces, timestamp(p.Last)}
	}
	if d.Past.Read {
		out.PeersByDay = d.Past.Days[:]
	}
	for i := range d.Related {
		out.AlikeHashes[i] = NewRanked(&d.Related[i])
	}
	if view, known := s.Trackers[d.InfoHash]; known {
		check := NewTrackerCheck(d.InfoHash, &view, o)
		out.Trackers = &check
	}
	return out
}

// Swarm is the document of /api/v1/hashes/{info_hash}/peers.
type Swarm struct {
	InfoHash dhtcore.ID `json:"info_hash"`
	SwarmCounts
	Peers []SwarmPeer `json:"peers"` // seeds first, then the latest; 500 at most
}

// SwarmPeer is a peer by all that tells of it: its announces here, lookups, and the store.
type SwarmPeer struct {
	Addr      string    `json:"addr"`
	Seed      bool      `json:"seed"`      // it announced itself here as one (BEP 33)
	Announced timestamp `json:"announced"` // here, last; null for never, or too long ago
	Client    string    `json:"client"`    // "" while unknown
	From      []string  `json:"from"`      // the nodes that told the last lookup of it
	FirstSeen timestamp `json:"first_seen"`
	LastSeen  timestamp `json:"last_seen"`
}

// NewSwarm returns the JSON form of the swarm in a detail.
func NewSwarm(d *dhtcore.Detail, o Options) Swarm {
	out := Swarm{d.InfoHash, SwarmCounts{d.Swarm.Known, d.Swarm.Seeds}, make([]SwarmPeer, len(d.Swarm.Peers))}
	for i := range d.Swarm.Peers {
		p := &d.Swarm.Peers[i]
		peer := SwarmPeer{o.addr(p.Addr), p.Seed, timestamp(p.Announced), o.Text(p.Client), make([]string, len(p.From)), timestamp(p.First), timestamp(p.Last)}
		for j, from := range p.From {
			peer.From[j] = o.addr(from)
		}
		out.Peers[i] = peer
	}
	return out
}
