package hashes

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
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

var sourceColumns = [...]canvas.Column{
	sourceNet:       {Title: "from", Width: 19},
	sourceClient:    {Title: "client", Width: 10, Grow: 14, Drop: 1},
	sourceAddrs:     {Title: "addr", Width: 4, Right: true, Drop: 3},
	sourceRequests:  {Title: "req", Width: 4, Right: true},
	sourceAnnounces: {Title: "ann", Width: 4, Right: true, Drop: 2},
	sourceLast:      {Title: "last", Width: 5, Right: true, Drop: 4},
}

// drawSources draws who asked for the hash lately, by network and program, and returns how many lines it took.
func drawSources(a canvas.Area, s *dhtcore.Snapshot, st *screen.State, d *dhtcore.Detail) (lines int) {
	if a.H < 2 {
		return 0
	}
	a = a.Heading("sources", sourceNotes(a, s, d)...)
	switch {
	case d == nil:
		return 1
	case len(d.Sources) == 0:
		return 1 + a.Sub(2, 0, a.W-3, a.H).Wrap(0, theme.Dim, "None since then. Who asks is remembered while one looks at a hash, and as far back as the log of events goes.")
	}
	spans := canvas.Layout(sourceColumns[:], 2, a.W-1)
	header := a.TakeTop(1)
	header.Titles(sourceColumns[:], &spans)
	for y := range min(a.H, len(d.Sources)) {
		if left := len(d.Sources) - y; y == a.H-1 && left > 1 {
			x := a.Put(2, y, theme.Dim, "and ")
			a.Put(a.Number(x, y, theme.Dim, left), y, theme.Dim, " more")
			break
		}
		drawSource(a.Row(y), s, st, &d.Sources[y], &spans)
	}
	return 2 + min(a.H, len(d.Sources))
}

// sourceNotes say what the sources are made of: never of all sightings of all time.
func sourceNotes(a canvas.Area, s *dhtcore.Snapshot, d *dhtcore.Detail) []string {
	if d == nil {
		return nil
	}
	b := human.AppendCount(a.Scratch(), uint64(d.Sightings))
	b = append(b, human.Plural(d.Sightings, " sighting", " sightings")...)
	short := len(b)
	b = human.AppendAge(append(b, " of the last "...), max(s.At.Sub(d.Since), 1e9))
	note := string(b)
	return []string{note, note[:short]}
}

func drawSource(line canvas.Area, s *dhtcore.Snapshot, st *screen.State, src *dhtcore.Source, spans *[canvas.MaxColumns]canvas.Span) {
	privacy := text.Network
	if st.Masked {
		privacy = text.Masked
	}
	net := spans[sourceNet]
	line.Left(net.X, 0, net.W, theme.Text, string(text.AppendAddr(line.Scratch(), src.Addr, privacy)))
	line.OrDash(spans[sourceClient], src.Client)
	addrs := spans[sourceAddrs]
	line.Right(addrs.X, 0, addrs.W, theme.Text, string(strconv.AppendInt(line.Scratch(), int64(src.Addrs), 10)))
	line.Tally(spans[sourceRequests], theme.Text, uint64(max(src.Requests, 0)))
	line.Tally(spans[sourceAnnounces], theme.Text, uint64(max(src.Announces, 0)))
	line.Since(spans[sourceLast], s.At, src.Last)
}
