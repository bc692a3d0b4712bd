package dhtcore

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/republish"
)

// How often what expires is stored again.
const (
	// AnnounceEvery is libtorrent's interval. Nodes forget a peer after 30 to 45 minutes, so that one renewal may fail
	// without harm.
	AnnounceEvery = 15 * time.Minute
	// ItemEvery is BEP 44's interval: nodes forget an item after two hours.
	ItemEvery = time.Hour
	// PeerLife is how long those nodes keep a peer that forget it first, and ItemLife how long they keep an item.
	PeerLife = 30 * time.Minute
	ItemLife = 2 * time.Hour
)

// parallelRenewals is how many renewals run at once unless a RepublisherConfig says otherwise.
const parallelRenewals = 8

// Republisher keeps what we store at other nodes from expiring: it announces peers and puts items again and again, through
// its Explorer and within its limits. Create it with Explorer.NewRepublisher, add to it and Run it. Its methods may be called
// from any goroutine. mu guards entries and sums; an entry's own fields belong to the one turn that it has at a time.
type Republisher struct {
	lookups  *lookups
	vantages *vantages
	schedule *republish.Scheduler
	cfg      RepublisherConfig

	mu      sync.Mutex
	entries []*republished
	sums    RepublishTotals
}

// RepublisherConfig is how a Republisher works.
type RepublisherConfig struct {
	Every    time.Duration // from a renewal to the next: AnnounceEvery or ItemEvery
	Parallel int           // renewals at once; default 8
	Once     bool          // store everything once; Run returns then
	// Renewed is called after each turn, from several goroutines at once, in order for each entry. May be nil.
	Renewed func(r *Renewal)
}

// republished is one thing that is kept: a peer or an item.
type republished struct {
	announce *keptPeer
	item     *keptItem
	kept     KeptEntry // how it stands; guarded by mu
}

// KeptEntry is how one thing stands that a Republisher keeps.
type KeptEntry struct {
	Target   ID
	State    KeptState
	Renewals int       // that were successful
	Failures int       // since the last one
	Renewed  time.Time // the last one; zero before the first
	Stored   int       // nodes that accepted it then
	Refused  int       // nodes that did not
	Holding  Held      // what the last lookup found, before it was stored again
	Seen     time.Time // when that was; zero before the first lookup after a renewal
	Item     *Item     // of an item: the version that is kept; nil before one was found
	Err      string    // why the last turn failed, printable; "" if it did not
}

// Held is at how many nodes something was found.
type Held struct {
	Closest int // the nodes closest to the target that replied, eight an address family
	Checked int // of them, those that would have told
	Nodes   int // of them, those that had it
}

// fading reports whether so many nodes have lost it that it is stored again at once.
func (h Held) fading() bool { return 2*h.Nodes < h.Checked }

// KeptState is how it goes with one thing that a Republisher keeps.
type KeptState uint8

// The states.
const (
	KeptWaiting    KeptState = iota // it was not stored yet
	KeptAlive                       // its last renewal was successful
	KeptFailing                     // it was not
	KeptSuperseded                  // somebody has stored a newer version, or another one: it is renewed no more
)

var keptStates = [...]string{"waiting", "kept", "failing", "superseded"}

// String returns the word for the state.
func (s KeptState) String() string { return keptStates[s] }

// Renewal is one turn of one thing that a Republisher keeps.
type Renewal struct {
	Entry     int // its number, as it was added
	At        time.Time
	Late      time.Duration // since it was due
	Looked    bool          // somebody looked whether it is there; nothing was stored
	Changed   bool          // a newer version of an item was found, and is kept from now on
	Packets   int           // sent
	KeptEntry               // how it stands now
	Lookup    LookupState
}

// RepublishTotals are the sums of what a Republisher has done.
type RepublishTotals struct {
	Entries  int
	States   [len(keptStates)]int // entries by state
	Renewals int                  // that were successful
	Failures int                  // renewals that were not
	Looks    int
	Packets  uint64        // sent
	Asked    uint64        // nodes that were asked, summed over the turns
	Behind   time.Duration // for how long the entry that has waited longest has been due
	Next     time.Time     // when the next turn is due; zero for none
	// What it takes to renew everything in time, by what it has taken so far; 0 while that is unknown.
	NeedsRate  float64       // packets/s
	NeedsHosts float64       // new destinations a minute
	Round      time.Duration // from a renewal to the next if renewals follow one another without a pause

	busy time.Duration // turns so far, together
}

// NewRepublisher returns a Republisher that keeps nothing yet.
func (e *Explorer) NewRepublisher(cfg RepublisherConfig) *Republisher {
	p := &Republisher{lookups: e.lookups, vantages: &e.vantages, cfg: cfg}
	if p.cfg.Parallel <= 0 {
		p.cfg.Parallel = parallelRenewals
	}
	p.schedule = republish.New(republish.Config{Every: cfg.Every, Parallel: p.cfg.Parallel, Once: cfg.Once, Visit: p.visit,
		Ready: func() bool { outage := e.vantages.outage(); return !outage.Offline() }})
	return p
}

// KeepPeer announces a peer of hash that listens on port here, as Explorer.Announce does, and returns the number of the
// entry, 0 for the first.
func (p *Republisher) KeepPeer(hash ID, port uint16, seed bool) (entry int) {
	return p.add(&republished{announce: &keptPeer{port, seed}, kept: KeptEntry{Target: hash}})
}

// KeepItem puts an item, as Explorer.Put does, and returns the number of the entry. Where others have stored a newer
// version, it is not put again, and its state says so.
func (p *Republisher) KeepItem(it *Item, sign func(*Item)) (entry int) {
	return p.add(&republished{item: &keptItem{sign: sign, ours: true, salt: it.Salt}, kept: KeptEntry{Target: it.Target(), Item: it}})
}

// KeepTarget puts the item at target again that others have stored, as they have signed it, and returns the number of the
// entry. It is always the newest version that was found. salt is that of a mutable item.
func (p *Republisher) KeepTarget(target ID, salt []byte) (entry int) {
	return p.add(&republished{item: &keptItem{salt: salt}, kept: KeptEntry{Target: target}})
}

func (p *Republisher) add(e *republished) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.entries = append(p.entries, e)
	p.sums.States[KeptWaiting]++
	return p.schedule.Add()
}

// Close says that nothing will be added. Run returns when there is nothing left to renew.
func (p *Republisher) Close() { p.schedule.Close() }

// Run renews what is kept until ctx ends.
func (p *Republisher) Run(ctx context.Context) { p.schedule.Run(ctx) }

// Kept returns how the things stand that are kept, in the order in which they were added.
func (p *Republisher) Kept() []KeptEntry {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]KeptEntry, len(p.entries))
	for i, e := range p.entries {
		all[i] = e.kept
	}
	return all
}

// Totals returns the sums.
func (p *Republisher) Totals() RepublishTotals {
	behind, next := p.schedule.Behind(), p.schedule.Next()
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.sums
	t.Entries, t.Behind, t.Next = len(p.entries), behind, next
	if turns := t.Renewals + t.Failures + t.Looks; turns > 0 {
		rounds := float64(t.Entries-t.States[KeptSuperseded]) / float64(turns) / p.cfg.Every.Minutes()
		t.NeedsRate, t.NeedsHosts = float64(t.Packets)*rounds/60, float64(t.Asked)*rounds
		t.Round = time.Duration(float64(t.busy) * rounds * p.cfg.Every.Minutes() / float64(p.cfg.Parallel))
	}
	return t
}
