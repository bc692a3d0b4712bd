package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/clocks"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The bounds of what is known of trackers.
const (
	trackedTorrents = 1000 // hashes; the oldest are forgotten
	scrapeTimeout   = 20 * time.Second
	scrapesAtOnce   = 16
)

// errNoTracker is the error of a hash of which nobody has named a tracker.
var errNoTracker = errors.New("no tracker of this hash is known: press L and paste its magnet link or the path of its .torrent file")

// StartScrape asks the trackers of a hash for its swarm, in the background: those that LearnTorrent was told of, and
// no others. The results are seen in Snapshot.Trackers. It returns how many are asked.
func (e *Explorer) StartScrape(hash ID) (trackers int, err error) { return e.scraper.start(hash) }

// scraper knows the trackers of hashes, and asks them when told to. Its lock guards what follows it.
type scraper struct {
	cfg        *Config
	clocks     *clocks.Clocks
	background *background
	journal    *journal.Journal
	changed    func() // called when there is something new to see

	mu    sync.Mutex
	of    map[ID]*tracked
	order []ID // the oldest first
}

// tracked is what is known of one hash.
type tracked struct {
	trackers []string // never changed in place
	asked    time.Time
	running  bool
	results  []*ScrapeResult // by the trackers that were asked; nil where one has not answered
}

// learn takes in the trackers of a torrent.
func (k *scraper) learn(t *Torrent) {
	if len(t.Trackers) == 0 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil {
		k.of = map[ID]*tracked{}
	}
	for _, hash := range t.Hashes {
		h := k.of[hash]
		if h == nil {
			if len(k.order) == trackedTorrents {
				delete(k.of, k.order[0])
				k.order = k.order[1:]
			}
			h = new(tracked)
			k.of[hash], k.order = h, append(k.order, hash)
		}
		for _, tracker := range t.Trackers {
			if !slices.Contains(h.trackers, tracker) {
				h.trackers = append(slices.Clip(h.trackers), tracker)
			}
		}
	}
	k.changed()
}

// start begins to ask the trackers of a hash.
func (k *scraper) start(hash ID) (trackers int, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := k.of[hash]
	switch {
	case h == nil:
		return 0, errNoTracker
	case h.running:
		return 0, errors.New("its trackers are being asked already: wait for their answers")
	}
	names := h.trackers
	if _, err := k.background.start(scrapeTimeout, func(ctx context.Context) { k.ask(ctx, hash, h, names) }); err != nil {
		return 0, err
	}
	h.asked, h.running, h.results = time.Now(), true, make([]*ScrapeResult, len(names))
	k.changed()
	return len(names), nil
}

// ask asks trackers about a hash, and takes in each answer as it comes.
func (k *scraper) ask(ctx context.Context, hash ID, h *tracked, names []string) {
	client, err := openScrapeClient(k.cfg, k.clocks)
	if err == nil {
		var asking sync.WaitGroup
		places := make(chan struct{}, scrapesAtOnce)
		for i, name := range names {
			asking.Go(func() {
				places <- struct{}{}
				defer func() { <-places }()
				r := client.Scrape(ctx, name, []ID{hash})
				k.mu.Lock()
				defer k.mu.Unlock()
				h.results[i] = &r
				k.changed()
			})
		}
		asking.Wait()
		client.Close() //nolint:errcheck // its sockets have nothing to lose
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	h.running = false
	if err == nil {
		err = noneAnswered(h.results)
	}
	if err != nil && ctx.Err() != context.Canceled {
		k.journal.Add(Event{Kind: journal.Warning, Hash: hash, Text: printable.String(err.Error())})
	}
	k.changed()
}

// noneAnswered returns why no tracker has answered, nil if one has.
func noneAnswered(results []*ScrapeResult) error {
	for _, r := range results {
		if r.Err == nil {
			return nil
		}
	}
	if len(results) == 1 {
		return fmt.Errorf("its tracker gave no counts: %w", results[0].Err)
	}
	return fmt.Errorf("none of its %d trackers gave counts: %w", len(results), results[0].Err)
}

// viewsIn returns what the trackers say of the hashes that s tells of; nil where none is known.
func (k *scraper) viewsIn(s *Snapshot) (views map[ID]TrackerView) {
	k.mu.Lock()
	defer k.mu.Unlock()
	add := func(hash ID) {
		if h := k.of[hash]; h != nil {
			if views == nil {
				views = map[ID]TrackerView{}
			}
			views[hash] = h.view()
		}
	}
	for i := range s.Lookups {
		if s.Lookups[i].Method == wire.GetPeers {
			add(s.Lookups[i].Target)
		}
	}
	return views
}

// withView returns views with that of one hash, if its trackers are known. Nobody's map is changed.
func (k *scraper) withView(views map[ID]TrackerView, hash ID) map[ID]TrackerView {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := k.of[hash]
	if h == nil {
		return views
	}
	with := map[ID]TrackerView{hash: h.view()}
	maps.Copy(with, views)
	return with
}

// view is what the trackers of a hash say. The scraper is locked.
func (h *tracked) view() TrackerView {
	v := TrackerView{Known: h.trackers, Asked: h.asked, Running: h.running}
	for _, r := range h.results {
		if r != nil {
			v.Results = append(v.Results, *r)
		}
	}
	return v
}
