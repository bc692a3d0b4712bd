package dhtcore

import (
	"context"

	"dhtop/dhtcore/crawl"
	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/history"
	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/names"
	"dhtop/dhtcore/news"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/torrent"
)

// assemble makes the parts and wires them. It opens nothing.
func (e *Explorer) assemble() {
	e.swarms, e.items, e.shared = peers.New(peers.Config{}), items.New(items.Config{}), lookup.NewShared()
	e.ledger, e.journal = ledger.New(), journal.New(journal.DefaultSize)
	e.ledger.Limit(e.cfg.MaxHashes)
	e.notices = newNotices(e.journal)
	changed := func() { e.changes.Add(1) }

	e.store = newStoreSync(&e.cfg, e.ledger, e.vantages.answered, e.notices)
	if e.store.enabled() {
		e.ledger.Changes(e.started) // from now on it notes what is new, also of those that leave
	}
	e.scraper = &scraper{cfg: &e.cfg, clocks: &e.clocks, background: &e.background, journal: e.journal, changed: changed}
	e.watcher = &detail.Watcher{Ledger: e.ledger, Journal: e.journal, Past: &e.store.past, Swarms: e.swarms}
	e.ranker = ranking.NewHashes(e.ledger)
	e.fullRanker = ranking.NewFull(e.ledger)
	e.newsDesk = news.New(e.ledger, e.journal, e.started)
	e.packets = newPacketWatches(e.vantages.id)
	e.traffic = &trafficMeter{}
	e.tallier = &tally.Tallier{Askers: hosts.New(), Repliers: hosts.New(), Swarms: e.swarms, Items: e.items, Nodes: e.vantages.addrs}
	e.limits = newLimitScale(&e.vantages)
	e.observer = &observer{ledger: e.ledger, journal: e.journal, store: e.store, watcher: e.watcher,
		shared: e.shared, vantages: &e.vantages, proven: hosts.NewProven()}

	e.lookups = &lookups{vantages: &e.vantages, shared: e.shared, ledger: e.ledger, journal: e.journal,
		observe: e.observer.lookedUp, estimated: e.newsDesk.LookedUp}
	e.watches = newWatchList(&e.cfg, e.lookups, e.ledger, e.journal, e.notices, changed)
	e.watches.device, e.lookups.found = e.device, e.watches.ended
	e.watches.clocks, e.watches.trackers.clocks = &e.clocks, &e.clocks
	e.store.config.Device, e.store.config.OnClock = e.device, e.clocks.ReadStore
	e.store.watches = e.watches
	e.hybrids = new(torrent.Hybrids)
	e.names = names.New(names.Config{Recent: e.lookups.recentPeers, LookUp: e.lookups.peersForName, Believes: e.vantages.believes,
		Ledger: e.ledger, Journal: e.journal, Device: e.device})
	e.names.Hottest.Store(int64(e.cfg.Names))
	e.pings = &pingSeries{background: &e.background, through: e.vantages.holding}
	e.crawl = crawl.New(crawl.Config{Querier: patient{&e.vantages}, Contacts: e.vantages.contacts, Self: e.vantages.ids,
		Believe: e.vantages.believes, OnAnswer: e.observer.sampled})
	e.crawl.SetRunning(e.cfg.Crawl)
	reads := reader{vantages: &e.vantages, ledger: e.ledger, store: e.store, crawl: e.crawl, lookups: e.lookups, observer: e.observer, shared: e.shared}
	e.history = &history.Keeper{Read: reads.read, Journal: e.journal}
	e.saver = &crawlSaver{crawl: e.crawl, notices: e.notices}

	e.snapshots = &snapshotBuilder{started: e.started, demo: e.cfg.Demo != nil, changes: &e.changes,
		vantages: &e.vantages, traffic: e.traffic, swarms: e.swarms, shared: e.shared, ledger: e.ledger, journal: e.journal,
		crawl: e.crawl, lookups: e.lookups, names: e.names, scraper: e.scraper, hybrids: e.hybrids, watches: e.watches, newsDesk: e.newsDesk,
		notices: e.notices, store: e.store,
		tallier: e.tallier, history: e.history}
	e.snapshots.maxHashes.Store(int64(e.cfg.MaxHashes))
	e.recorder = &recorder{viewer: e.NewViewer(), tape: newTape(e.cfg.tapeSize()), notices: e.notices, changed: changed}
	e.snapshots.recorder = e.recorder
}

// open opens what the configuration names, and finishes those parts that depend on it.
func (e *Explorer) open() (err error) {
	e.places = geo.New()
	if err = e.places.Load(e.cfg.MMDB); err != nil {
		return err
	}
	e.tallier.Places, e.snapshots.places, e.watcher.Places = e.places, e.places, e.places
	if e.dir, err = e.cfg.openDataDir(); err != nil {
		return err
	}
	if err = e.recorder.use(e.cfg.Record, e.started); err != nil {
		return err
	}
	e.watches.guest = e.cfg.DataDir != "" && e.cfg.Demo == nil && !e.dir.Owned()
	e.saver.path = e.dir.File(crawlFile)
	e.saver.restore()
	if e.cfg.Demo != nil {
		e.store.openAs = e.access.OpenStore
	}
	if err := e.store.open(); err != nil {
		return err
	}
	if err := e.watches.open(context.Background()); err != nil {
		return err
	}
	if err := e.openTracker(); err != nil {
		return err
	}
	if e.network, err = e.cfg.Demo.open(); err != nil {
		return err
	}
	if e.network != nil {
		e.visit(e.network)
		e.cfg.Demo.introduce(e.network, e.tracker)
		e.lab = e.newLab()
		e.snapshots.lab, e.lookups.ended = e.lab, e.lab.Ended
		e.listen = e.access.Listen(e.listen)
	}
	e.joiner = newBootstrapper(e.cfg.Bootstrap, &e.vantages, e.lookups, e.notices)
	e.lookups.joiner = e.joiner
	e.joiner.resolve = resolveBy(e.device.Resolver())
	e.checker = newChecker(&e.cfg, e.dir, &e.joiner.checks, e.store, e.notices)
	e.checker.clocks, e.checker.nodes = &e.clocks, e.vantages.nodeChecks
	if e.cfg.Demo == nil {
		e.checker.wayOut = func(f Family) WayOut { return wayOut(f, e.device) }
	}
	e.snapshots.checker = e.checker
	opener := vantageOpener{cfg: &e.cfg, device: e.device, socket: e.listen, guest: !e.dir.Owned(), network: e.network, swarms: e.swarms, items: e.items, askers: e.tallier.Askers, repliers: e.tallier.Repliers,
		observe: e.observer.observe, observeQueries: e.observer.observeQueries, tap: e.packets.tap, notices: e.notices}
	if err := opener.open(&e.vantages); err != nil {
		return err
	}
	e.openMapper()
	return nil
}
