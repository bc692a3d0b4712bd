// Package news finds what has changed among the hashes: those that are asked for more often than before, new swarms, and swarms
// that lost their last seed. dhtcore has one Desk, which reads the ledger and the journal and is told of lookups.
package news

import (
	"context"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/pause"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/wire"
)

// News is what has changed among the hashes.
type News struct {
	Since time.Time // since when it is looked for
	Items []Item    // the latest first, at most Max, none older than kept
}

// Item is a change that somebody who looks in again would want to hear of.
type Item struct {
	At   time.Time // when it was noticed first
	Kind Kind
	Hash wire.ID

	Rise   ledger.Rise // of a Rising hash
	Peers  int         // of a NewSwarm
	Seeds  int         // that a swarm had before it lost them
	Others int         // of a NewSwarm: further swarms that were new at about the same time
}

// Kind is what kind of change it is.
type Kind uint8

// The kinds of news.
const (
	Rising    Kind = iota // it is asked for more often than before
	NewSwarm              // a hash that was not seen before is announced
	LostSeeds             // the last lookup found no seed, and the one before did
)

// Max is how many items there are at most.
const Max = 30

// The pace of the news.
const (
	every      = 5 * time.Second
	top        = 200              // of the hashes asked for most in five minutes may rise
	kept       = time.Hour        // an item is news for so long
	again      = 10 * time.Minute // a hash whose item is younger updates it
	warmup     = time.Minute      // before it, every hash is seen for the first time
	newSwarm   = 3                // peers at least
	newFor     = 10 * time.Minute // a hash first seen within it is new
	swarmsOver = 30 * time.Second // new swarms within it share an item
	atOnce     = 1 << 13          // are read from the journal at once
)

// Desk finds the News. Its lock guards items.
type Desk struct {
	ledger  *ledger.Ledger
	journal *journal.Journal
	started time.Time

	seq      uint64           // of the journal's last event that was read
	reported map[wire.ID]bool // new swarms that are news already, or were counted among the others

	mu    sync.Mutex
	items []Item // the latest first
}

// New returns a Desk for what happens from started on.
func New(l *ledger.Ledger, j *journal.Journal, started time.Time) *Desk {
	return &Desk{ledger: l, journal: j, started: started, reported: make(map[wire.ID]bool)}
}

// Run looks for news until ctx ends. It takes at most one part in ranking.Share of the time.
func (d *Desk) Run(ctx context.Context) {
	for wait := every; pause.For(ctx, wait); {
		began := time.Now()
		d.look(began)
		wait = max(every, ranking.Share*time.Since(began))
	}
}

// look takes in what is new as of now.
func (d *Desk) look(now time.Time) {
	d.rising(now)
	d.newSwarms(now)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items = slices.DeleteFunc(d.items, func(i Item) bool { return now.Sub(i.At) > kept })
}

func (d *Desk) rising(now time.Time) {
	for _, row := range d.ledger.TopBy(ledger.ByMinutes, true, top, now) {
		h := d.ledger.History(row.InfoHash, now)
		if r, ok := h.Rising(now.Sub(d.started)); ok {
			d.report(Item{At: now, Kind: Rising, Hash: row.InfoHash, Rise: r})
		}
	}
}

// newSwarms looks for those among the hashes announced since the last time, and makes one item of all.
func (d *Desk) newSwarms(now time.Time) {
	events, _ := d.journal.After(nil, d.seq, atOnce)
	if len(events) > 0 {
		d.seq = events[len(events)-1].Seq
	}
	if now.Sub(d.started) < warmup {
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
		if known && row.Peers >= newSwarm && now.Sub(row.FirstSeen) <= newFor && row.FirstSeen.Sub(d.started) >= warmup {
			d.reported[hash] = true
			d.report(Item{At: now, Kind: NewSwarm, Hash: hash, Peers: row.Peers})
		}
	}
}

// LookedUp takes in how many seeds a lookup estimates, and how many the one before did.
func (d *Desk) LookedUp(hash wire.ID, before, seeds int, now time.Time) {
	if before > 0 && seeds == 0 {
		d.report(Item{At: now, Kind: LostSeeds, Hash: hash, Seeds: before})
	}
}

// report adds an item, or updates the one that tells the same.
func (d *Desk) report(n Item) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.items {
		switch old := &d.items[i]; {
		case old.Kind == n.Kind && old.Hash == n.Hash && n.At.Sub(old.At) < again:
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
	d.items = d.items[:min(len(d.items), Max)]
}

// News returns what it has found.
func (d *Desk) News() News {
	d.mu.Lock()
	defer d.mu.Unlock()
	return News{Since: d.started, Items: slices.Clone(d.items)}
}
