package dhtcore

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/ranking"
)

// News is what has changed among the hashes.
type News struct {
	Since time.Time  // since when it is looked for
	Items []NewsItem // the latest first, at most MaxNews, none older than newsKept
}

// NewsItem is a change that somebody who looks in again would want to hear of.
type NewsItem struct {
	At   time.Time // when it was noticed first
	Kind NewsKind
	Hash ID

	Rise   ledger.Rise // of a Rising hash
	Peers  int         // of a NewSwarm
	Seeds  int         // that a swarm had before it lost them
	Others int         // of a NewSwarm: further swarms that were new at about the same time
}

// NewsKind is what kind of change it is.
type NewsKind uint8

// The kinds of news.
const (
	Rising    NewsKind = iota // it is asked for more often than before
	NewSwarm                  // a hash that was not seen before is announced
	LostSeeds                 // the last lookup found no seed, and the one before did
)

// MaxNews is how many items there are at most.
const MaxNews = 30

// The pace of the news.
const (
	newsEvery  = 5 * time.Second
	newsTop    = 200              // of the hashes asked for most in five minutes may rise
	newsKept   = time.Hour        // an item is news for so long
	newsAgain  = 10 * time.Minute // a hash whose item is younger updates it
	newsWarmup = time.Minute      // before it, every hash is seen for the first time
	newSwarm   = 3                // peers at least
	newFor     = 10 * time.Minute // a hash first seen within it is new
	swarmsOver = 30 * time.Second // new swarms within it share an item
	newsEvents = 1 << 13          // are read from the journal at once
)

// newsDesk finds the News. Its lock guards items.
type newsDesk struct {
	ledger  *ledger.Ledger
	journal *journal.Journal
	started time.Time

	seq      uint64      // of the journal's last event that was read
	reported map[ID]bool // new swarms that are news already, or were counted among the others

	mu    sync.Mutex
	items []NewsItem // the latest first
}

func newNewsDesk(l *ledger.Ledger, j *journal.Journal, started time.Time) *newsDesk {
	return &newsDesk{ledger: l, journal: j, started: started, reported: make(map[ID]bool)}
}

// run looks for news until ctx ends. It takes at most one part in ranking.Share of the time.
func (d *newsDesk) run(ctx context.Context) {
	for wait := newsEvery; pauseFor(ctx, wait); {
		began := time.Now()
		d.look(began)
		wait = max(newsEvery, ranking.Share*time.Since(began))
	}
}

// look takes in what is new as of now.
func (d *newsDesk) look(now time.Time) {
	d.rising(now)
	d.newSwarms(now)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items = slices.DeleteFunc(d.items, func(i NewsItem) bool { return now.Sub(i.At) > newsKept })
}

func (d *newsDesk) rising(now time.Time) {
	for _, row := range d.ledger.TopBy(ledger.ByMinutes, true, newsTop, now) {
		h := d.ledger.History(row.InfoHash, now)
		if r, ok := h.Rising(now.Sub(d.started)); ok {
			d.report(NewsItem{At: now, Kind: Rising, Hash: row.InfoHash, Rise: r})
		}
	}
}

// newSwarms looks for those among the hashes announced since the last time, and makes one item of all.
func (d *newsDesk) newSwarms(now time.Time) {
	events, _ := d.journal.After(nil, d.seq, newsEvents)
	if len(events) > 0 {
		d.seq = events[len(events)-1].Seq
	}
	if now.Sub(d.started) < newsWarmup {
		return
	}
	for hash := range d.reported {
		if row, known := d.ledger.Row(hash, now); !known || now.Sub(row.FirstSeen) > newFor {
			delete(d.reported, hash)
		}
	}
	for i := range events {
		hash := events[i].Hash
		if events[i].Kind != journal.Announced || d.reported[hash] {
			continue
		}
		row, known := d.ledger.Row(hash, now)
		if known && row.Peers >= newSwarm && now.Sub(row.FirstSeen) <= newFor && row.FirstSeen.Sub(d.started) >= newsWarmup {
			d.reported[hash] = true
			d.report(NewsItem{At: now, Kind: NewSwarm, Hash: hash, Peers: row.Peers})
		}
	}
}

// lookedUp takes in how many seeds a lookup estimates, and how many the one before did.
func (d *newsDesk) lookedUp(hash ID, before, seeds int, now time.Time) {
	if before > 0 && seeds == 0 {
		d.report(NewsItem{At: now, Kind: LostSeeds, Hash: hash, Seeds: before})
	}
}

// report adds an item, or updates the one that tells the same.
func (d *newsDesk) report(n NewsItem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.items {
		switch old := &d.items[i]; {
		case old.Kind == n.Kind && old.Hash == n.Hash && n.At.Sub(old.At) < newsAgain:
			n.At, n.Others = old.At, old.Others
			*old = n
			return
		case n.Kind == NewSwarm && old.Kind == NewSwarm && n.At.Sub(old.At) < swarmsOver:
			n.At, n.Others = old.At, old.Others+1
			if n.Peers <= old.Peers {
				n.Hash, n.Peers = old.Hash, old.Peers
			}
			*old = n
			return
		}
	}
	d.items = slices.Insert(d.items, 0, n)
	d.items = d.items[:min(len(d.items), MaxNews)]
}

// news is the picture of it.
func (d *newsDesk) news() News {
	d.mu.Lock()
	defer d.mu.Unlock()
	return News{Since: d.started, Items: slices.Clone(d.items)}
}
