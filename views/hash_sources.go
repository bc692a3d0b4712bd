package views

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the sources of a hash.
const (
	sourceNet = iota
	sourceClient
	sourceAddrs
	sourceRequests
	sourceAnnounces
	sourceLast
)

var sourceColumns = [...]column{
	sourceNet:       {title: "from", width: 19},
	sourceClient:    {title: "client", width: 10, grow: 14, drop: 1},
	sourceAddrs:     {title: "addr", width: 4, right: true, drop: 3},
	sourceRequests:  {title: "req", width: 4, right: true},
	sourceAnnounces: {title: "ann", width: 4, right: true, drop: 2},
	sourceLast:      {title: "last", width: 5, right: true, drop: 4},
}

// drawSources draws who asked for the hash lately, by network and program, and returns how many lines it took.
func drawSources(a area, s *dhtcore.Snapshot, st *State, d *dhtcore.Detail) (lines int) {
	if a.h < 2 {
		return 0
	}
	a = a.heading("sources", sourceNotes(a, s, d)...)
	switch {
	case d == nil:
		return 1
	case len(d.Sources) == 0:
		return 1 + a.sub(2, 0, a.w-3, a.h).wrap(0, theme.Dim, "None since then. Who asks is remembered while one looks at a hash, and as far back as the log of events goes.")
	}
	spans := layout(sourceColumns[:], 2, a.w-1)
	header := a.takeTop(1)
	header.titles(sourceColumns[:], &spans)
	for y := range min(a.h, len(d.Sources)) {
		if left := len(d.Sources) - y; y == a.h-1 && left > 1 {
			x := a.put(2, y, theme.Dim, "and ")
			a.put(a.number(x, y, theme.Dim, left), y, theme.Dim, " more")
			break
		}
		drawSource(a.row(y), s, st, &d.Sources[y], &spans)
	}
	return 2 + min(a.h, len(d.Sources))
}

// sourceNotes say what the sources are made of: never of all sightings of all time.
func sourceNotes(a area, s *dhtcore.Snapshot, d *dhtcore.Detail) []string {
	if d == nil {
		return nil
	}
	b := human.AppendCount(a.scratch(), uint64(d.Sightings))
	b = append(b, human.Plural(d.Sightings, " sighting", " sightings")...)
	short := len(b)
	b = human.AppendAge(append(b, " of the last "...), max(s.At.Sub(d.Since), 1e9))
	note := string(b)
	return []string{note, note[:short]}
}

func drawSource(line area, s *dhtcore.Snapshot, st *State, src *dhtcore.Source, spans *[maxColumns]span) {
	privacy := text.Network
	if st.Masked {
		privacy = text.Masked
	}
	net := spans[sourceNet]
	line.left(net.x, 0, net.w, theme.Text, string(text.AppendAddr(line.scratch(), src.Addr, privacy)))
	line.orDash(spans[sourceClient], src.Client)
	addrs := spans[sourceAddrs]
	line.right(addrs.x, 0, addrs.w, theme.Text, string(strconv.AppendInt(line.scratch(), int64(src.Addrs), 10)))
	line.tally(spans[sourceRequests], theme.Text, uint64(max(src.Requests, 0)))
	line.tally(spans[sourceAnnounces], theme.Text, uint64(max(src.Announces, 0)))
	line.since(spans[sourceLast], s.At, src.Last)
}
