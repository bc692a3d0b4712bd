package dhtcore

import (
	"cmp"
	"context"
	"time"

	"dhtop/dhtcore/admission"
	"dhtop/dhtcore/bridge"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/tracker"
)

// DefaultTrackerMaxRate is how many announces/s the interval of a tracker aims at.
const DefaultTrackerMaxRate = tracker.DefaultMaxRate

// ParseTrackerRequire returns the form of announces over HTTP that a word stands for: compact, no_peer_id or any.
func ParseTrackerRequire(word string) (TrackerRequire, error) { return tracker.ParseRequire(word) }

// The bounds of Tracker.
const (
	MaxTrackerClients = ranking.MaxClients
	MaxTrackerBans    = ranking.MaxBans
	MaxSwarms         = ranking.MaxSwarms
)

// OtherTrackerClients is the name of the clients among Tracker.Clients that are not told apart.
const OtherTrackerClients = tracker.OtherClients

// trackerState returns the state of a tracker, nil for none.
func (b *snapshotBuilder) trackerState(now time.Time) *Tracker {
	t := b.tracker
	if t == nil {
		return nil
	}
	s := &Tracker{Stats: t.Stats(now), HTTP: t.HTTPAddr(), UDP: t.UDPAddrs()}
	s.Ranking, s.Clients, s.Bans = b.swarmRanker.Last()
	s.Keeps, s.Saved = b.trackerSaver.Saved()
	return s
}

// openTracker opens the tracker that the configuration asks for.
func (e *Explorer) openTracker() (err error) {
	cfg := cmp.Or(e.cfg.Tracker, e.cfg.Demo.tracker())
	if cfg == nil {
		return nil
	}
	seen := &trackerSightings{ledger: e.ledger, journal: e.journal}
	with := *cfg
	with.Device = e.device
	with.OnJoin, with.OnAnnounces = seen.joined, seen.announced
	if e.tracker, err = tracker.Open(with); err != nil {
		return err
	}
	e.bridge = bridge.New(bridge.Config{Wanted: e.tracker.Wanted, Offer: e.tracker.Offer, LookUp: e.lookups.peersAside, Slack: e.vantages.slack,
		Believes: e.vantages.believes, Private: e.names.Private, Every: bridge.Every})
	e.swarmRanker = ranking.NewSwarms(e.tracker, e.ledger, func() { e.changes.Add(1) })
	e.trackerSaver = tracker.NewSaver(e.tracker, e.dir.File(tracker.SavedName))
	e.snapshots.tracker, e.snapshots.swarmRanker, e.snapshots.trackerSaver, e.watcher.Tracker = e.tracker, e.swarmRanker, e.trackerSaver, e.tracker
	if err := e.register.Open(e.dir.File(admission.FileName)); err != nil {
		e.notices.warn(err.Error())
	}
	serve := func(p *tracker.Policy) { e.tracker.SetPolicy(e.register.Policy(p)) }
	e.trackerLists.Set, e.trackerLists.Warn = serve, e.notices.warn
	if err := e.trackerLists.Use(context.Background(), e.cfg.TrackerAllow, e.cfg.TrackerDeny); err != nil {
		return err
	}
	now := time.Now()
	if path := e.cfg.TrackerImport; path != "" {
		if err := admission.ImportFlask(path, e.tracker, &e.register, e.cfg.Tracker.PeerTimeout, now, e.notices.warn); err != nil {
			return err
		}
	}
	if err := e.trackerSaver.Restore(now); err != nil { // what we saved ourselves is later news
		e.notices.warn(err.Error())
	}
	return nil
}

// TrackerCounts returns what our tracker counts of a hash, zeros without a tracker.
func (e *Explorer) TrackerCounts(hash ID) TrackerCounts {
	if e.tracker == nil {
		return TrackerCounts{}
	}
	return e.tracker.Counts(hash)
}
