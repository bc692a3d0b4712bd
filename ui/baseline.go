package ui

import (
	"cmp"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
)

// baseline is what had been counted when the user began to count anew. The core, the store and the exports
// of other commands go on counting all.
type baseline struct {
	at     time.Time
	hashes map[dhtcore.ID]dhtcore.Hash
	least  dhtcore.Hash // of the ranking then: what is not in it had no more
	totals dhtcore.Hashes
	loss   uint64 // packets that the system had dropped
}

func newBaseline(s *dhtcore.Snapshot) *baseline {
	b := &baseline{at: s.At, hashes: make(map[dhtcore.ID]dhtcore.Hash, len(s.Hashes.Top)), totals: s.Hashes, loss: s.Traffic.KernelDrops}
	b.totals.Top = nil
	for _, h := range s.Hashes.Top {
		b.hashes[h.InfoHash] = h
	}
	if n := len(s.Hashes.Top); n == dhtcore.MaxHashes {
		b.least.Requests = s.Hashes.Top[n-1].Requests
	}
	return b
}

// subtract leaves in s what was counted since, and ranks by that. A hash that was below the ranking counts
// from what the last one in it had, so that it never shows more than there was.
func (b *baseline) subtract(s *dhtcore.Snapshot) (changed bool) {
	if b == nil {
		return false
	}
	top := b.rows(s.Hashes.Top)
	slices.SortStableFunc(top, func(x, y dhtcore.Hash) int { return cmp.Compare(y.Requests, x.Requests) })
	for i := range top {
		top[i].Rank = i + 1
	}
	s.Ranking.Rows = b.rows(s.Ranking.Rows)
	t := b.totals
	s.Hashes = dhtcore.Hashes{Seen: max(s.Hashes.Seen-t.Seen, 0), Requests: since(s.Hashes.Requests, t.Requests),
		Announces: since(s.Hashes.Announces, t.Announces), Samples: since(s.Hashes.Samples, t.Samples), Top: top}
	s.Traffic.KernelDrops = since(s.Traffic.KernelDrops, b.loss)
	return true
}

// rows are copies of rows with the counts since.
func (b *baseline) rows(rows []dhtcore.Hash) []dhtcore.Hash {
	rows = slices.Clone(rows)
	for i := range rows {
		h := &rows[i]
		was, known := b.hashes[h.InfoHash]
		if !known && h.FirstSeen.Before(b.at) {
			was = b.least
		}
		h.Requests = since(h.Requests, was.Requests)
		h.RawRequests = since(h.RawRequests, was.RawRequests)
		h.Announces = since(h.Announces, was.Announces)
		h.Samples = since(h.Samples, was.Samples)
	}
	return rows
}

func since(now, then uint64) uint64 { return now - min(now, then) }

// resetCounters counts from now on, or again from the beginning.
func resetCounters(m *Model) tea.Cmd {
	now := time.Now()
	if m.lens.base != nil {
		m.lens.base, m.state.Since = nil, time.Time{}
		m.say(now, "all counts are shown again")
	} else {
		m.lens.base, m.state.Since = newBaseline(m.raw), m.raw.At
		m.say(now, "counting from now on; ctrl+r shows all again")
	}
	m.lens.top, m.lens.ranking = settled{}, settled{}
	m.relook()
	return nil
}
