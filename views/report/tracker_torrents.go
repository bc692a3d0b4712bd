package report

import (
	"time"

	"dhtop/dhtcore"
)

// TrackerDocument is what GET /stats answers: the state of our tracker and its torrents. The members of a torrent are
// those of the Flask tracker, and ours.
type TrackerDocument struct {
	TrackerStats
	Registered int                       `json:"registered_torrents"`
	Torrents   map[string]TrackedTorrent `json:"torrents"` // by info_hash: those with the most peers, then the latest that are registered
}

// TrackedTorrent is a torrent of our tracker.
type TrackedTorrent struct {
	Name       *string    `json:"name"`
	Size       *int64     `json:"size"`          // bytes
	Created    *float64   `json:"creation_date"` // when it was registered, in Unix seconds, as the Flask tracker has it
	Registered bool       `json:"registered"`
	PerMinute  float64    `json:"announces_per_minute"`
	Stats      SwarmStats `json:"stats"`
}

// SwarmStats are the counts of a swarm, under the names of a scrape (BEP 48).
type SwarmStats struct {
	Complete   int    `json:"complete"`   // seeders
	Incomplete int    `json:"incomplete"` // leechers
	Partial    int    `json:"partial"`    // of them, those that have all that they want (BEP 21)
	Downloaded int    `json:"downloaded"` // downloads that have ended here
	Uploaded   *int64 `json:"uploaded"`   // always null: what peers say of their bytes is not kept
	Peers      int    `json:"peers"`
	Bridged    int    `json:"bridged"` // peers of the DHT that the bridge offers besides
}

// NewTrackerDocument returns the JSON form of the state of our tracker, nil for none, and of its torrents.
func NewTrackerDocument(t *dhtcore.Tracker, torrents []dhtcore.TrackedTorrent, registered int, o Options) *TrackerDocument {
	if t == nil {
		t = &dhtcore.Tracker{}
	}
	d := &TrackerDocument{*NewTrackerStats(t, o), registered, make(map[string]TrackedTorrent, len(torrents))}
	for i := range torrents {
		r := &torrents[i]
		row := TrackedTorrent{Name: nullable(o.Text(r.Name)), Registered: r.Registered, PerMinute: hundredths(r.Rate * 60),
			Stats: SwarmStats{Complete: r.Seeders, Incomplete: r.Leechers, Partial: r.Partial, Downloaded: r.Completed, Peers: r.Seeders + r.Leechers, Bridged: r.Bridged}}
		if r.Size > 0 {
			row.Size = &r.Size
		}
		if !r.Added.IsZero() {
			created := float64(r.Added.UnixMilli()) / float64(time.Second/time.Millisecond)
			row.Created = &created
		}
		d.Torrents[r.InfoHash.String()] = row
	}
	return d
}
