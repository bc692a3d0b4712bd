// Package dhtcore is the engine of dhtop. An Explorer opens the parts (nodes, lookups, crawl, ledger,
// store, journal), wires them together, hands out Snapshots and takes commands.
//
// It is called by ui, ui/cli and ui/api, and knows no terminal. Everything that they show comes from
// Snapshot, an immutable value; everything that they do is a method of Explorer, or of Viewer where it changes only
// what they see.
//
// The Explorer itself has no lock. Its parts are small types, each with a lock of its own where it needs one;
// the comment of the type says what that guards. vantages and bootstrapper have none, as they do not change
// while Run runs, and storeSync belongs to one goroutine. Locks nest in one direction: Viewer or snapshotBuilder, then
// any other part, then background and what the packages below lock, which call nothing back.
package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/admission"
	"dhtop/dhtcore/bridge"
	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/datadir"
	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/history"
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/lab"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/names"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/news"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/tracker"
)

// Explorer is a running dhtop without its face. Create it with Open, then Run it. It makes the parts, starts
// and stops them, and forwards commands; each part has a lock of its own, and the Explorer none.
type Explorer struct {
	cfg     Config
	started time.Time
	dir     datadir.Dir
	network *testnet.Network // the demo's; nil without
	lab     *lab.Lab         // of the network; nil without
	access  lab.Access       // that the lab leaves us
	scratch lab.Scratch
	listen  listen
	device  *netbind.Device // that all sockets keep to; nil for none
	clocks  clocks.Clocks   // of others, as they are seen by the way

	// What the parts share.
	vantages vantages
	swarms   *peers.Store
	tracker  *tracker.Tracker // nil for none
	items    *items.Store
	shared   *lookup.Shared
	ledger   *ledger.Ledger
	journal  *journal.Journal
	notices  *notices

	// What works while Run runs.
	background   background
	housekeeping heartbeat
	joiner       *bootstrapper
	crawl        *crawl.Crawl
	saver        *crawlSaver
	trackerSaver *tracker.Saver // nil for none
	trackerLists admission.Lists
	bridge       *bridge.Bridge // of the tracker
	register     admission.Register
	tracked      ranking.Tracked
	saves        chan chan error // each asks for a save, and wants its error
	swarmRanker  *ranking.Swarms // nil without a tracker
	store        *storeSync
	lookups      *lookups
	names        *names.Fetcher
	hybrids      *torrent.Hybrids
	pings        *pingSeries
	scraper      *scraper
	watches      *watchList
	limits       *limitScale
	checker      *checker
	mapper       *portmap.Mapper // nil without Config.PortMap

	// What is seen.
	changes   atomic.Uint64 // see snapshotBuilder
	observer  *observer
	watcher   *detail.Watcher
	ranker    *ranking.Hashes
	newsDesk  *news.Desk
	packets   *packetWatches
	traffic   *trafficMeter
	tallier   *tally.Tallier
	history   *history.Keeper
	places    *geo.DB // nil without Config.MMDB
	snapshots *snapshotBuilder
	recorder  *recorder

	fullRanker *ranking.Full
}

// Open opens the data directory, the store and the sockets. Its errors say what to do about them. Without IPv6,
// or with a saved table that is broken, it goes on and warns in the journal.
func Open(cfg Config) (*Explorer, error) {
	if len(cfg.Bind) == 0 {
		cfg.Bind = []netip.Addr{netip.IPv4Unspecified(), netip.IPv6Unspecified()}
	}
	if cfg.Demo != nil {
		cfg.Bind = []netip.Addr{cfg.Demo.guestIP()}
	}
	device, err := netbind.New(cfg.BindDevice)
	if err != nil {
		return nil, err
	}
	e, err := openBound(func(addr netip.AddrPort, batch int) (node.Conn, error) { return node.ListenOn(device, addr, batch) }, device, cfg)
	if err == nil {
		e.recorder.every = recordEvery
	}
	return e, err
}

// openOn is Open with the sockets of a network, which is another one in tests. What is seen is not recorded, as in tests
// hours pass in a moment.
func openOn(listen listen, cfg Config) (*Explorer, error) { return openBound(listen, nil, cfg) }

// openBound is openOn with all other sockets kept to a network interface, or to none.
func openBound(listen listen, device *netbind.Device, cfg Config) (*Explorer, error) {
	e := &Explorer{cfg: cfg, started: time.Now(), listen: listen, device: device, saves: make(chan chan error)}
	err := e.openScratch()
	e.assemble()
	if err == nil {
		err = e.open()
	}
	if err != nil {
		e.Close() //nolint:errcheck // the first error is the one to tell
		return nil, err
	}
	return e, nil
}

// Run joins the network and serves until ctx ends, then saves and closes everything. It returns nil
// then, or the error that ended it early.
func (e *Explorer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e.background.begin(ctx)
	var parts sync.WaitGroup
	failed := make(chan error, len(e.vantages.list)+1)
	if e.network != nil {
		parts.Go(func() { e.network.Run(ctx, e.cfg.Demo.demand()) })
		parts.Go(func() { e.lab.Work(ctx) })
	}
	for _, v := range e.vantages.list {
		parts.Go(func() {
			if err := v.Run(ctx); err != nil {
				failed <- fmt.Errorf("the socket at %s: %w", v.Addr(), err)
			}
		})
		parts.Go(func() { e.joiner.run(ctx, v) })
		if v.checks != nil {
			parts.Go(func() { v.examine(ctx) })
		}
	}
	if e.tracker != nil {
		parts.Go(func() {
			if err := e.tracker.Run(ctx); err != nil {
				failed <- fmt.Errorf("the tracker: %w", err)
			}
		})
	}
	if e.tracker != nil {
		parts.Go(func() { e.trackerLists.Run(ctx) })
		if e.tracker.Bridges() {
			parts.Go(func() { e.bridge.Run(ctx) })
		}
		parts.Go(func() { e.swarmRanker.Run(ctx) })
	}
	if e.mapper != nil {
		parts.Go(func() { e.mapper.Run(ctx) })
	}
	parts.Go(func() { e.crawl.Run(ctx) })
	parts.Go(func() { e.housekeep(ctx) })
	parts.Go(func() { e.store.run(ctx) })
	parts.Go(func() { e.names.Run(ctx, e.namePace()) })
	parts.Go(func() { e.ranker.Run(ctx) })
	parts.Go(func() { e.newsDesk.Run(ctx) })
	parts.Go(func() { e.tallier.Run(ctx) })
	parts.Go(func() { e.watches.run(ctx) })
	parts.Go(func() { e.recorder.run(ctx) })
	if e.network != nil && e.cfg.Demo.Scenario == nil {
		show := showcase{ledger: e.ledger, lookups: e.lookups, start: e.StartLookup}
		parts.Go(func() { show.run(ctx) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	cancel()
	parts.Wait()
	e.background.end()
	return errors.Join(err, e.Close())
}

// housekeep samples the traffic every second and saves every saveEvery, until ctx ends.
func (e *Explorer) housekeep(ctx context.Context) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	saved := time.Now()
	e.checker.look(saved)
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-second.C:
			e.housekeeping.beat(now)
			e.traffic.sample(e.vantages.stats(), now)
			e.checker.look(now)
			e.history.Tick(now)
			e.watcher.Tidy(now)
			e.register.NameIn(e.ledger)
			if now.Sub(saved) >= saveEvery {
				e.save() //nolint:errcheck // it is a notice, too
				saved = now
			}
		case done := <-e.saves:
			done <- e.save()
		}
	}
}

// Close saves the routing tables, the checkpoint of the crawl and the last counts, and frees what Open took.
// Run calls it in the end: call it only where Run never ran.
func (e *Explorer) Close() error {
	e.save() //nolint:errcheck // it is a notice, too
	if e.network != nil {
		e.network.Close()
	}
	e.vantages.close()
	if e.tracker != nil {
		e.tracker.Close() //nolint:errcheck // Run has closed it, unless it never ran
	}
	e.recorder.close()
	err := errors.Join(e.store.close(), e.scratch.Close())
	e.places.Close()
	e.dir.Close() // last: the next owner finds all that was saved
	return err
}

// SetCrawl starts or pauses the crawl.
func (e *Explorer) SetCrawl(on bool) {
	e.crawl.SetRunning(on)
	text := "crawl paused"
	if on {
		text = "crawl started"
	}
	e.journal.Add(Event{Kind: journal.CrawlStep, Text: text})
}

// ZoomCrawl returns one cell of the crawl's heat map, that of the IDs whose first byte is prefix, in 256 parts by
// their second byte.
func (e *Explorer) ZoomCrawl(prefix byte) [256]CrawlCell { return e.crawl.Zoom(prefix) }

// EventsAfter appends to dst up to n events that follow the one with number seq, oldest first. lost is how
// many of them the journal has dropped, because the caller was too slow.
func (e *Explorer) EventsAfter(dst []Event, seq uint64, n int) (events []Event, lost uint64) {
	return e.journal.After(dst, seq, n)
}
