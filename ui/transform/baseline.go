package transform

import (
	"slices"
	"time"

	"dhtop/dhtcore"
)

// baseline holds the counts at the moment when the user reset the counters. Only totals are reset, of which
// sources and peers count those that are new since: counts of the last hour or minutes, rates and estimates stay. The core, the store,
// the doctor and the exports of other commands are not affected.
type baseline struct {
	at     time.Time
	hashes map[dhtcore.ID]dhtcore.HashRow
	least  uint64 // requests of the last row of the full ranking: other hashes had no more
	totals dhtcore.Hashes
	loss   uint64 // packets dropped by the kernel

	tracker *dhtcore.Tracker // ours; nil for none
}

func newBaseline(s *dhtcore.Snapshot) *baseline {
	b := &baseline{at: s.At, totals: s.Hashes, loss: s.Traffic.KernelDrops, tracker: s.Tracker}
	b.hashes = make(map[dhtcore.ID]dhtcore.HashRow, len(s.Hashes.Top))
	b.totals.Top = nil
	rows := slices.Concat(s.Hashes.Top, s.Ranking.Rows)
	if d := s.Detail; d != nil {
		rows = append(append(rows, d.Row), d.Related...)
	}
	for _, h := range rows {
		b.hashes[h.InfoHash] = h
	}
	if n := len(s.Hashes.Top); n == dhtcore.MaxHashes {
		b.least = s.Hashes.Top[n-1].Requests
	}
	return b
}

// subtract leaves in s what was counted since, ranked by that. A nil baseline changes nothing.
func (b *baseline) subtract(s *dhtcore.Snapshot) (changed bool) {
	if b == nil {
		return false
	}
	t := b.totals
	s.Hashes = dhtcore.Hashes{Seen: max(s.Hashes.Seen-t.Seen, 0), Requests: since(s.Hashes.Requests, t.Requests),
		Announces: since(s.Hashes.Announces, t.Announces), Samples: since(s.Hashes.Samples, t.Samples),
		Maintenance: since(s.Hashes.Maintenance, t.Maintenance), Tracked: since(s.Hashes.Tracked, t.Tracked),
		Top: dhtcore.Order{}.Apply(b.rows(s.Hashes.Top))}
	s.Ranking.Rows = b.rows(s.Ranking.Rows)
	if resettable[s.Ranking.Order.Column] {
		s.Ranking.Rows = s.Ranking.Order.Apply(s.Ranking.Rows)
	}
	if s.Detail != nil {
		d := *s.Detail
		d.Row, d.Related = b.row(d.Row), b.rows(d.Related)
		s.Detail = &d
	}
	s.Traffic.KernelDrops = since(s.Traffic.KernelDrops, b.loss)
	if s.Tracker != nil && b.tracker != nil {
		s.Tracker = trackerSince(s.Tracker, b.tracker)
	}
	return true
}

// resettable are the columns whose counts are reset.
var resettable = map[dhtcore.Column]bool{
	dhtcore.ByRequests: true, dhtcore.ByRawRequests: true, dhtcore.BySources: true, dhtcore.ByAnnounces: true,
	dhtcore.BySamples: true, dhtcore.ByPeers: true, dhtcore.ByTracked: true,
}

// rows returns copies of rows with the counts since.
func (b *baseline) rows(rows []dhtcore.HashRow) []dhtcore.HashRow {
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i] = b.row(rows[i])
	}
	return rows
}

// row returns a row with the counts since. If the hash was below the ranking, it returns a lower bound.
func (b *baseline) row(h dhtcore.HashRow) dhtcore.HashRow {
	was, known := b.hashes[h.InfoHash]
	if !known && b.least > 0 && h.FirstSeen.Before(b.at) {
		h.Requests = since(h.Requests, b.least)
		h.RawRequests, h.Announces, h.Samples, h.Tracked, h.Sources, h.Peers = h.Requests, 0, 0, 0, least(h), 0
		return h
	}
	h.Requests = since(h.Requests, was.Requests)
	h.RawRequests = since(h.RawRequests, was.RawRequests)
	h.Maintenance = since(h.Maintenance, was.Maintenance)
	h.Announces = since(h.Announces, was.Announces)
	h.Samples = since(h.Samples, was.Samples)
	h.Tracked = since(h.Tracked, was.Tracked)
	h.Sources = max(h.Sources-was.Sources, least(h))
	h.Peers = max(h.Peers-was.Peers, 0)
	return h
}

// least is how many sources the requests of h came from at least: they may all be known from before.
func least(h dhtcore.HashRow) int {
	if h.Requests == 0 {
		return 0
	}
	return min(h.Sources, 1)
}

func since(now, then uint64) uint64 { return now - min(now, then) }
