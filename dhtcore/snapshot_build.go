package dhtcore

import (
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/history"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lab"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/names"
	"dhtop/dhtcore/news"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/tracker"
)

// freshFor is how long a Snapshot is handed out before another is built, however many ask.
const freshFor = 50 * time.Millisecond

// Snapshot returns the newest picture, without what a Viewer looks at. It is cheap to call often: a picture is made at
// most once in 50 ms, and only when something moved. Nobody may change it.
func (e *Explorer) Snapshot() *Snapshot { return e.snapshots.snapshot(time.Now()) }

// snapshotBuilder builds what the Snapshots of all Viewers share out of the parts, which lock themselves. mu guards last
// and its version.
type snapshotBuilder struct {
	started  time.Time
	demo     bool
	vantages *vantages
	traffic  *trafficMeter
	swarms   *peers.Store
	shared   *lookup.Shared
	ledger   *ledger.Ledger
	journal  *journal.Journal
	recent   journal.Recent // touched under mu
	crawl    *crawl.Crawl
	lookups  *lookups
	names    *names.Fetcher
	hybrids  *torrent.Hybrids
	newsDesk *news.Desk
	scraper  *scraper
	watches  *watchList
	notices  *notices
	store    *storeSync
	checker  *checker        // nil until the Explorer is open
	mapper   *portmap.Mapper // nil for none
	lab      *lab.Lab        // nil without the demo
	tallier  *tally.Tallier
	history  *history.Keeper
	places   *geo.DB
	recorder *recorder

	tracker      *tracker.Tracker // nil for none, as the next two
	swarmRanker  *ranking.Swarms
	trackerSaver *tracker.Saver

	maxHashes atomic.Int64   // Config.MaxHashes
	changes   *atomic.Uint64 // counts what a Snapshot must show although no packet and no event passed
	revision  atomic.Uint64  // of the last picture, of all and of Viewers

	mu      sync.Mutex
	last    *Snapshot
	version version
}

// version tells two pictures apart without a look at them. The second is in it because ages move.
type version struct {
	packets, events uint64
	second          int64
	changes         uint64
}

// snapshot returns the last picture while it is fresh, else a new one if anything moved.
func (b *snapshotBuilder) snapshot(now time.Time) *Snapshot {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last != nil && now.Sub(b.last.At) < freshFor {
		return b.last
	}
	stats := b.vantages.stats()
	v := version{stats.PacketsIn + stats.PacketsOut, b.journal.Seq(), now.Unix(), b.changes.Load()}
	if b.last != nil && v == b.version {
		return b.last
	}
	s := b.build(now)
	s.Traffic = b.traffic.traffic(stats, b.vantages, now)
	s.Revision = b.revision.Add(1)
	b.last, b.version = s, v
	return s
}

// build makes a Snapshot, all of it but the Traffic and the Revision. mu is held.
func (b *snapshotBuilder) build(now time.Time) *Snapshot {
	totals, lookups := b.ledger.Totals(), b.lookups.states()
	s := &Snapshot{
		At: now, Started: b.started, Demo: b.demo,
		Hashes: Hashes{Seen: totals.Hashes, Requests: totals.Requests, Announces: totals.Announces,
			Samples: totals.Samples, Maintenance: totals.Maintenance, Tracked: totals.Tracked, Top: b.ledger.Top(MaxHashes, now)},
		Bounds:   b.store.bounds(totals.Kept, int(b.maxHashes.Load())),
		News:     b.newsDesk.News(),
		Lookups:  lookups,
		Metadata: b.names.Known.All(), SameTorrent: b.hybrids.All(),
		Warnings: b.journal.Warnings(),
		Crawl:    b.crawl.Stats(),
		Nodes:    b.vantages.views(now),
		Notices:  b.notices.all(now),
		Lab:      b.lab.State(now),
	}
	s.Events, s.Quiet = b.recent.Take(b.journal)
	s.Names, s.Trackers = b.namesIn(s), b.scraper.viewsIn(s)
	s.Phase, s.Outage = b.vantages.phase(s.Nodes), b.vantages.outage()
	s.Swarms, s.Peers = b.swarms.Len()
	if b.checker != nil {
		s.Checkup = b.checker.checkup()
		s.Checkup.Refused = b.vantages.lastRefused()
	}
	s.PortMap = b.mapper.State()
	for i := range s.Nodes {
		s.Nodes[i].Mapped = s.PortMap.Mapped(portmap.UDP, s.Nodes[i].Addr)
	}
	s.NetworkSize = b.shared.NetworkSize(b.vantages.mainFamily())
	s.Tally, s.History = b.tallier.Last(), b.history.Current()
	s.Tracker = b.trackerState(now)
	s.Recording, s.Bounds.Tape = b.recorder.state.Load(), b.recorder.tape.Size()
	s.Watch = b.watches.current(now)
	s.Places = snapshot.PlacesOf(b.places, s)
	return s
}

// namesIn returns the names of the hashes that s tells of outside the ranking.
func (b *snapshotBuilder) namesIn(s *Snapshot) map[ID]string {
	seen := make(map[ID]bool)
	var hashes [][20]byte
	add := func(hash ID) {
		if !seen[hash] && !hash.Zero() {
			seen[hash] = true
			hashes = append(hashes, hash)
		}
	}
	for i := range s.News.Items {
		add(s.News.Items[i].Hash)
	}
	for i := range s.Lookups {
		add(s.Lookups[i].Target)
	}
	for _, events := range [...][]Event{s.Events, s.Quiet} {
		for i := range events {
			add(events[i].Hash)
		}
	}
	names := make(map[ID]string)
	for i, name := range b.ledger.NamesOf(hashes) {
		if name != "" {
			names[hashes[i]] = name
		}
	}
	return names
}
