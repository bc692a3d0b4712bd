package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/scrape"
	"dhtop/dhtcore/watch"
	"dhtop/dhtcore/wire"
)

// lookUp looks up an entry of the watch list, and asks its trackers where that is wanted.
func (w *watchList) lookUp(ctx context.Context, entry *WatchEntry) WatchObservation {
	looking, cancel := context.WithTimeout(ctx, watchTimeout)
	defer cancel()
	if entry.IsItem() {
		state := w.lookups.getAside(looking, entry.Target, []byte(entry.Item.Salt))
		return itemObservationOf(w.now(), &state)
	}
	var tracked watch.Observation
	var asking sync.WaitGroup
	if entry.Scrape {
		w.mu.Lock()
		anew := w.list.DoubtsTrackers(entry.Target)
		w.mu.Unlock()
		asking.Go(func() { tracked = w.trackers.ask(ctx, w.cfg, entry, anew) })
	}
	var states []*LookupState
	for _, hash := range entry.Hashes() {
		state := w.lookups.peersAside(looking, hash)
		states = append(states, &state)
	}
	asking.Wait()
	o := observationOf(w.now(), w.mine(), states...)
	o.TrackerKnown, o.TrackerSeeds, o.TrackerLeechers = tracked.TrackerKnown, tracked.TrackerSeeds, tracked.TrackerLeechers
	return o
}

// ended takes in a lookup that was made for others, if it is of an entry.
func (w *watchList) ended(s *LookupState) {
	if w.guest || w.cfg.Watch == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	entry, ok := w.list.Find(s.Target)
	if !ok || !w.joined || entry.IsItem() != (s.Method == wire.Get) {
		return
	}
	var o WatchObservation
	if entry.IsItem() {
		o = itemObservationOf(w.now(), s)
	} else {
		o = observationOf(w.now(), w.mine(), s)
	}
	if alerts, ok := w.list.ObserveOther(entry.Target, o); ok {
		w.tell(alerts)
		w.touch()
	}
}

// getAside is get where nobody has asked for it.
func (l *lookups) getAside(ctx context.Context, target ID, salt []byte) LookupState {
	cfg := l.everywhere(wire.Get, target)
	cfg.Salt = salt
	_, state := l.runOrJoinAs(ctx, cfg, true)
	return state
}

// itemObservationOf sums up the lookup of an item.
func itemObservationOf(now time.Time, s *LookupState) WatchObservation {
	o := observationOf(now, nil, s)
	if s.Item != nil {
		h := NewHolding(s)
		o.Held, o.Seq = true, s.Item.Seq
		o.Holders, _, _ = h.Count()
	}
	return o
}

// observationOf sums up the lookups of the one or two hashes of a torrent, or of an item but for its holders. mine are the addresses of the
// client of the user, port 0 for any.
func observationOf(now time.Time, mine []netip.AddrPort, states ...*LookupState) WatchObservation {
	o := WatchObservation{At: now, Lost: true, Coverage: 1, MineKnown: len(mine) > 0}
	peers := map[netip.AddrPort]bool{}
	scraped := false
	for _, s := range states {
		o.Asked, o.Replied, o.Packets = o.Asked+s.Asked, o.Replied+s.Replied, o.Packets+s.Queries
		if s.Replied == 0 || s.Ending == lookup.Cancelled {
			continue
		}
		o.Lost = false
		o.Closest = max(o.Closest, len(s.Closest))
		o.Coverage = min(o.Coverage, s.Coverage)
		o.Risk = max(o.Risk, s.Risk.Level)
		if s.Scrapes > 0 {
			scraped = true
			o.Seeds, o.Leechers = max(o.Seeds, s.Seeds), max(o.Leechers, s.Leechers)
		}
		for i := range s.Peers {
			peers[s.Peers[i].Addr] = true
		}
		o.MineOn = max(o.MineOn, namedBy(s, mine))
	}
	o.Peers = len(peers)
	o.SeedsKnown = !o.Lost && (scraped || o.Peers == 0)
	return o
}

// namedBy counts the nodes that named one of some addresses as a peer.
func namedBy(s *LookupState, mine []netip.AddrPort) int {
	by := map[netip.AddrPort]bool{}
	for i := range s.Peers {
		p := &s.Peers[i]
		addr := netip.AddrPortFrom(p.Addr.Addr().Unmap(), p.Addr.Port())
		if slices.ContainsFunc(mine, func(m netip.AddrPort) bool {
			return m == addr || m.Port() == 0 && m.Addr() == addr.Addr()
		}) {
			for _, from := range p.From {
				by[from] = true
			}
		}
	}
	return len(by)
}

// trackersEvery is how often the trackers of an entry are asked at most, but for what has to be confirmed.
const trackersEvery = 30 * time.Minute

// watchTrackers are what the trackers of entries told last. mu guards of.
type watchTrackers struct {
	clocks *clocks.Clocks // nil for none to read

	mu sync.Mutex
	of map[ID]*trackerCounts
}

// trackerCounts are what the trackers of an entry told.
type trackerCounts struct {
	asked  time.Time // the last time
	wait   time.Time // until when they want to be left alone
	counts watch.Observation
	never  map[string]bool // that want to be left alone
}

// ask returns what the trackers of an entry tell, or told within trackersEvery. With anew they are asked in any case, unless
// they want to be left alone.
func (t *watchTrackers) ask(ctx context.Context, cfg *Config, entry *WatchEntry, anew bool) watch.Observation {
	t.mu.Lock()
	if t.of == nil {
		t.of = map[ID]*trackerCounts{}
	}
	c := t.of[entry.Target]
	if c == nil {
		if len(t.of) >= watch.MaxEntries {
			clear(t.of)
		}
		c = &trackerCounts{never: map[string]bool{}}
		t.of[entry.Target] = c
	}
	t.mu.Unlock() // an entry is looked up once at a time, so that c is ours
	now := time.Now()
	if now.Before(c.wait) || !anew && now.Before(c.asked.Add(trackersEvery)) {
		return c.counts
	}
	c.asked, c.counts = now, watch.Observation{}
	client, err := openScrapeClient(cfg, t.clocks)
	if err != nil {
		return c.counts
	}
	defer client.Close() //nolint:errcheck // its sockets have nothing to lose
	ctx, cancel := context.WithTimeout(ctx, scrapeTimeout)
	defer cancel()
	var mu sync.Mutex
	var asking sync.WaitGroup
	for _, name := range entry.Trackers {
		if c.never[name] {
			continue
		}
		asking.Go(func() {
			r := client.Scrape(ctx, name, entry.Hashes())
			mu.Lock()
			defer mu.Unlock()
			c.take(name, &r, now)
		})
	}
	asking.Wait()
	return c.counts
}

// take takes in the answer of a tracker: the largest swarm that one knows counts, as most clients are at several.
func (c *trackerCounts) take(name string, r *scrape.Result, now time.Time) {
	if r.Never {
		c.never[name] = true
	}
	if wait := now.Add(r.RetryIn); wait.After(c.wait) {
		c.wait = wait
	}
	for _, s := range r.Swarms {
		if !s.Known || s.Seeders < 0 || s.Leechers < 0 {
			continue
		}
		o := &c.counts
		if !o.TrackerKnown || int(s.Seeders+s.Leechers) > o.TrackerSwarm() {
			o.TrackerKnown, o.TrackerSeeds, o.TrackerLeechers = true, int(s.Seeders), int(s.Leechers)
		}
	}
}
