package views

import (
	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the ranking.
const (
	hashRank = iota
	hashID
	hashName
	hashRequests
	hashSources
	hashAnnounces
	hashSamples
	hashPeers
	hashSeen
	hashTrend
)

var hashColumns = [...]column{
	hashRank:      {title: "#", width: 3, right: true},
	hashID:        {title: "hash", width: 9},
	hashName:      {title: "name", width: 12, grow: 52, drop: 3},
	hashRequests:  {title: "req", width: 7, right: true},
	hashSources:   {title: "src", width: 6, right: true, drop: 1},
	hashAnnounces: {title: "ann", width: 6, right: true, drop: 6},
	hashSamples:   {title: "smp", width: 6, right: true, drop: 7},
	hashPeers:     {title: "peers", width: 6, right: true, drop: 5},
	hashSeen:      {title: "seen", width: 5, right: true, drop: 4},
	hashTrend:     {title: "trend", width: dhtcore.TrendLen, drop: 2},
}

// From these widths on the hash is written with 12 digits, and whole.
const (
	roomForPrefix = 58
	roomForHash   = 120
)

func drawHashes(a area, s *dhtcore.Snapshot, st *State) {
	drawHashList(a.heading("hashes", hashNotes(a, s)...), s, st)
}

// hashNotes say by what the ranking is sorted and out of how many it is.
func hashNotes(a area, s *dhtcore.Snapshot) []string {
	b := append(a.g.tmp[:0], "by requests ▾ ── "...)
	order := len(b)
	b = text.AppendCount(b, uint64(max(s.Hashes.Seen, 0)))
	note := string(append(b, " seen"...))
	return []string{note, note[order:]}
}

// drawHashList draws the ranking without a title: the header and rows.
func drawHashList(a area, s *dhtcore.Snapshot, st *State) {
	if len(s.Hashes.Top) == 0 {
		drawNoHashes(a, s)
		return
	}
	cols, digits := hashColumns, 8
	switch {
	case a.w >= roomForHash:
		digits, cols[hashID].width = 40, 40
	case a.w >= roomForPrefix:
		digits, cols[hashID].width = 12, 13
	}
	spans := layout(cols[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(cols[:], &spans)
	a.list(s, st, HashList, len(s.Hashes.Top), func(line area, row int) {
		drawHash(line, s, st, &s.Hashes.Top[row], &spans, digits)
	})
}

func drawHash(line area, s *dhtcore.Snapshot, st *State, h *dhtcore.Hash, spans *[maxColumns]span, digits int) {
	mark := st.Marks[h.InfoHash]
	requests := theme.Text
	if mark.Hot {
		requests = theme.Bright
	}
	rank := spans[hashRank]
	line.right(rank.x, 0, rank.w, theme.Dim, string(text.AppendCount(line.g.tmp[:0], uint64(max(h.Rank, 0)))))
	switch { // in the gap, so that nothing moves when it comes and goes
	case mark.Move > 0:
		line.set(rank.x+rank.w, 0, theme.Dim, theme.Up)
	case mark.Move < 0:
		line.set(rank.x+rank.w, 0, theme.Dim, theme.Down)
	}
	line.id(spans[hashID].x, 0, theme.Text, h.InfoHash, digits)
	name, role := h.Name, theme.Text
	if name == "" {
		name, role = "–", theme.Dim
	}
	line.left(spans[hashName].x, 0, spans[hashName].w, role, name)
	line.tally(spans[hashRequests], requests, h.Requests)
	line.tally(spans[hashSources], theme.Text, uint64(max(h.Sources, 0)))
	line.tally(spans[hashAnnounces], theme.Text, h.Announces)
	line.tally(spans[hashSamples], theme.Text, h.Samples)
	line.tally(spans[hashPeers], theme.Text, uint64(max(h.Peers, 0)))
	line.since(spans[hashSeen], s, h.LastSeen)
	if spans[hashTrend].w > 0 {
		spark(line, spans[hashTrend].x, 0, theme.Text, h.Trend[:], highest(h.Trend[:]))
	}
}
