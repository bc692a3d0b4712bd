package dhtcore

import (
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/journal"
)

// freshFor is how long a Snapshot is handed out before another is made, however many ask.
const freshFor = 50 * time.Millisecond

// snapshots keeps the last picture.
type snapshots struct {
	mu   sync.Mutex
	last *Snapshot
	mark mark
}

// mark tells two pictures apart without looking at them. The second is in it because ages move.
type mark struct {
	packets, events uint64
	second          int64
	looks           uint64
}

// Snapshot returns the newest picture. It is cheap to call often: a picture is made at most once in
// 50 ms, and only when something moved. Nobody may change it.
func (e *Explorer) Snapshot() *Snapshot {
	e.snapshots.mu.Lock()
	defer e.snapshots.mu.Unlock()
	now := time.Now()
	last := e.snapshots.last
	if last != nil && now.Sub(last.At) < freshFor {
		return last
	}
	stats := e.vantages.stats()
	m := mark{stats.PacketsIn + stats.PacketsOut, e.journal.Seq(), now.Unix(), e.looks.Load()}
	if last != nil && m == e.snapshots.mark {
		return last
	}
	s := e.picture(now)
	s.Traffic = e.traffic.view(stats)
	for _, v := range e.vantages.list {
		s.Traffic.Limits = s.Traffic.Limits.Plus(v.Limits())
		s.Traffic.Blocked = append(s.Traffic.Blocked, v.Blocked(now)...)
	}
	s.Traffic.StartLimit = s.Traffic.Limits.Packets
	s.Revision = 1
	if last != nil {
		s.Revision = last.Revision + 1
	}
	e.snapshots.last, e.snapshots.mark = s, m
	return s
}

func (e *Explorer) picture(now time.Time) *Snapshot {
	totals := e.ledger.Totals()
	s := &Snapshot{
		At: now, Started: e.started, Demo: e.network != nil,
		Hashes: Hashes{Seen: totals.Hashes, Requests: totals.Requests, Announces: totals.Announces,
			Samples: totals.Samples, Top: e.ledger.Top(MaxHashes, now)},
		Ranking:  e.ranker.ranking(),
		Detail:   e.watcher.detail(now),
		Lookups:  e.lookups.states(),
		Metadata: e.names.known.all(),
		Events:   e.recent(),
		Warnings: e.journal.Warnings(),
		Pings:    e.pings.series(),
		Crawl:    e.crawl.Stats(),
	}
	for _, v := range e.vantages.list {
		s.Nodes = append(s.Nodes, e.vantageView(v, now))
	}
	s.Packets = e.packets.packets()
	s.Phase = e.vantages.phase(s.Nodes)
	s.Swarms, s.Peers = e.swarms.Len()
	v4, _ := e.vantages.families()
	s.NetworkSize = e.shared.NetworkSize(!v4)
	s.Notices = e.notices.all()
	if len(s.Notices) > 0 {
		s.Notice = s.Notices[0]
	}
	return s
}

func (e *Explorer) vantageView(v *vantage, now time.Time) Vantage {
	view := Vantage{ID: v.ID(), Addr: v.Addr(), External: v.External(), Mode: v.Mode(), V6: v.v6}
	view.Buckets, view.Contacts = v.Table(now)
	for _, b := range view.Buckets {
		view.Good += b.Good
		view.Questionable += b.Questionable
		view.Bad += b.Bad
		view.Spare += b.Replacements
	}
	return view
}

// recent returns the last events for the log on the screen. It leaves out those that only repeat for
// the streams what another event of the same packet says.
func (e *Explorer) recent() []Event {
	events := e.journal.Last(make([]Event, 0, 2*MaxEvents), 2*MaxEvents)
	events = slices.DeleteFunc(events, func(e Event) bool { return e.Kind == journal.Discovered })
	return events[max(0, len(events)-MaxEvents):]
}
