package dhtcore

import (
	"context"
	"net/netip"
	"sync"
	"time"
	"weak"

	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/ranking"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// Viewer is somebody who looks at an Explorer: the terminal, a request of the API. What it looks at is its own, so that
// no Viewer moves the screen of another; what all see is made once. There may be any number of them. One that does not
// look costs nothing but what it has open. Its methods are safe for concurrent use.
type Viewer struct {
	snapshots *snapshotBuilder
	ranker    *ranking.Hashes
	watcher   *detail.Watcher
	pinger    pinger

	mu         sync.Mutex // guards what follows; it is taken before the locks of the parts
	closed     bool
	order      Order
	swarmQuery SwarmQuery
	hash       *detail.Watched // nil for none
	packet     packetView

	shown view
	last  weak.Pointer[Snapshot] // made of shown; a Viewer that does not look keeps no Snapshot alive
}

// view is what a Snapshot of a Viewer is made of. Equal ones make the same Snapshot.
type view struct {
	base uint64 // Revision of what all Viewers share

	// Each nil for none, swarms for the one that all share.
	ranking *Ranking
	detail  *Detail
	packets *Packets
	pings   *Pings
	swarms  *SwarmRanking
}

// NewViewer returns a Viewer that sees what all see. Close it.
func (e *Explorer) NewViewer() *Viewer {
	return &Viewer{snapshots: e.snapshots, ranker: e.ranker, watcher: e.watcher, pinger: pinger{pingSeries: e.pings},
		packet: packetView{watches: e.packets}}
}

// Close ends all that the Viewer has asked for. From then on it sees what all see.
func (v *Viewer) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closed = true
	v.watcher.Unwatch(v.hash, time.Now())
	v.packet.end()
	v.pinger.end(nil)
	v.order, v.swarmQuery, v.hash, v.packet, v.shown = Order{}, SwarmQuery{}, nil, packetView{}, view{}
}

// Snapshot returns the newest picture, with what this Viewer looks at. It is cheap to call often: see
// Explorer.Snapshot. Nobody may change it.
func (v *Viewer) Snapshot() *Snapshot { return v.snapshot(time.Now()) }

func (v *Viewer) snapshot(now time.Time) *Snapshot {
	base := v.snapshots.snapshot(now)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return base
	}
	next := view{base: base.Revision, ranking: v.ranking(now), detail: v.watcher.Detail(v.hash, base.Revision, base.At, base.Lookups),
		packets: v.packet.packets(base), pings: v.pinger.series(), swarms: v.swarmRanking(now)}
	if next == (view{base: base.Revision}) {
		v.shown = next
		return base
	}
	if next == v.shown {
		if last := v.last.Value(); last != nil {
			return last
		}
	}
	s := v.snapshots.lay(next, base)
	v.shown, v.last = next, weak.Make(s)
	return s
}

// lay lays what one Viewer looks at over a copy of what all share.
func (b *snapshotBuilder) lay(over view, base *Snapshot) *Snapshot {
	s := *base
	s.Revision = b.revision.Add(1)
	if over.ranking != nil {
		s.Ranking = *over.ranking
	}
	if d := over.detail; d != nil {
		s.Detail = d
		s.Trackers = b.scraper.withView(s.Trackers, d.InfoHash)
	}
	if over.swarms != nil && s.Tracker != nil {
		t := *s.Tracker
		t.Ranking = *over.swarms
		s.Tracker = &t
	}
	if p := over.packets; p != nil {
		s.Packets = *p
		for _, packet := range p.Log {
			snapshot.FindPlace(b.places, packet.Addr)
		}
	}
	s.Pings = over.pings
	return &s
}

// RankBy has the Snapshots of this Viewer carry the Ranking in an order, as soon as it is made and then anew every two
// seconds or so, as long as it looks. The zero Order ends it.
func (v *Viewer) RankBy(o Order) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return
	}
	v.order = o
	v.ranking(time.Now())
}

// WaitRanking waits until there is a Ranking in the order of RankBy, or returns the error of ctx. With many orders and
// hashes that may take seconds, as little time goes into them.
func (v *Viewer) WaitRanking(ctx context.Context) error {
	v.mu.Lock()
	o := v.order
	v.mu.Unlock()
	if o == (Order{}) {
		return nil
	}
	return v.ranker.Wait(ctx, o)
}

// ranking is the Ranking to show; nil for none. The last one stays while the ranker has forgotten the order, or has not
// made a new one. mu is held.
func (v *Viewer) ranking(now time.Time) *Ranking {
	if v.order == (Order{}) {
		return nil
	}
	if r := v.ranker.Look(v.order, now); r != nil {
		return r
	}
	return v.shown.ranking
}

// WatchHash has the Snapshots of this Viewer carry the Detail of a hash. Its sources are those in the journal and, from
// now on, all others. A zero hash ends it. It is an error to watch more hashes than MaxWatched.
func (v *Viewer) WatchHash(hash ID) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed || v.hash != nil && v.hash.Hash() == hash {
		return nil
	}
	now := time.Now()
	v.watcher.Unwatch(v.hash, now)
	v.hash = nil
	if hash.Zero() {
		return nil
	}
	var err error
	v.hash, err = v.watcher.Watch(hash, now)
	return err
}

// WatchPackets has the Snapshots of this Viewer carry the packets that pass a filter (nil for all) from now on, or ends
// that. Those that it has seen stay until newer ones push them out. All Viewers together have
// journal.MaxPacketWatches different filters: one more is an error.
func (v *Viewer) WatchPackets(on bool, f *PacketFilter) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.closed:
		return nil
	case on:
		return v.packet.begin(f)
	}
	v.packet.end()
	return nil
}

// StartPing pings a node, times times at most, one a second at most, until StopPing, PingFor or another StartPing. The
// outcomes are in Snapshot.Pings. All Viewers together run MaxPings series: one more is an error.
func (v *Viewer) StartPing(addr netip.AddrPort, id ID, times int) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.closed {
		return ErrNotRunning
	}
	return v.pinger.begin(wire.Contact{ID: id, Addr: addr}, times)
}

// StopPing ends the series of pings that runs, if any.
func (v *Viewer) StopPing() { v.pinger.end(nil) }
