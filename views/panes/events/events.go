package events

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// eventStyle is how a kind of event is written: the colour of its word, and what follows.
type eventStyle struct {
	role theme.Role
	tell func(a canvas.Area, x int, e *entry) int
}

// entry is a line of the log, and what is said of it beyond that.
type entry struct {
	screen.LogRow
	privacy text.Privacy
	places  dhtcore.Places
	name    string // of the hash; "" for none
}

// eventStyles by kind. A kind without one is left out of the log: a step of a lookup is seen better in the lookup.
var eventStyles = map[dhtcore.EventKind]eventStyle{
	dhtcore.Requested:     {theme.Text, tellRequested},
	dhtcore.Announced:     {theme.Good, tellAnnounced},
	dhtcore.Sampled:       {theme.Text, tellSampled},
	dhtcore.Found:         {theme.Good, tellFound},
	dhtcore.NodeJoined:    {theme.Dim, tellNode},
	dhtcore.NodeLeft:      {theme.Dim, tellNode},
	dhtcore.LookupStarted: {theme.Text, tellHash},
	dhtcore.LookupDone:    {theme.Text, tellDone},
	dhtcore.CrawlStep:     {theme.Text, tellText},
	dhtcore.Warning:       {theme.Warn, tellText},
	dhtcore.Named:         {theme.Good, tellNamed},
	dhtcore.Reachable:     {theme.Good, tellText},
	dhtcore.ItemStored:    {theme.Text, tellStored},
	dhtcore.Tracked:       {theme.Good, tellAnnounced},
	dhtcore.Alerted:       {theme.Warn, tellText},
}

const (
	eventText   = 22  // column at which what happened begins: time, word, text
	eventColumn = 100 // least width of a column of the log, when there are two
	nameMargin  = 40  // cells that a name leaves for what follows
	leastName   = 10
	shortLog    = 300 // events that the lines of the overview are made of
)

// Draw draws the log with its title.
func Draw(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	DrawLog(a.Heading("now"), s, st)
}

// DrawLog draws the log, newest first; in two columns, the older in the right, where it is wide.
func DrawLog(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	if len(s.Events) == 0 {
		drawNoEvents(a)
		return
	}
	columns := []canvas.Area{a}
	if a.W >= 2*eventColumn-30 {
		left := a.TakeLeft(a.W / 2)
		columns = []canvas.Area{left, a}
	}
	rows := screen.FoldLog(s.Events[max(len(s.Events)-shortLog, 0):])
	e := entry{privacy: st.LogPrivacy(s), places: st.Places}
	for _, c := range columns {
		for y := 0; y < c.H && len(rows) > 0; rows = rows[1:] {
			if e.LogRow, e.name = rows[0], s.Names[rows[0].Hash]; e.draw(c.Row(y)) {
				y++
			}
		}
	}
}

// DrawLine draws an event alone, unless it is of a kind that is left out.
func DrawLine(a canvas.Area, e *dhtcore.Event, p text.Privacy) bool {
	return (&entry{LogRow: screen.LogRow{Event: e}, privacy: p}).draw(a)
}

// draw draws one line of the log, unless the event is of a kind that is left out.
func (e *entry) draw(a canvas.Area) bool {
	style, ok := eventStyles[e.Kind]
	if !ok {
		return false
	}
	a.Clock(1, 0, theme.Dim, e.At)
	a.Put(11, 0, style.role, screen.EventWord(e.Kind))
	if style.tell(a, eventText+1, e) > a.W {
		a.Set(a.W-1, 0, theme.Dim, text.Ellipsis)
	}
	return true
}

func tellHash(a canvas.Area, x int, e *entry) int {
	x = a.ID(x, 0, theme.Text, e.Hash, 8)
	if w := min(a.W-x-nameMargin, text.Width(e.name)); e.name != "" && w >= leastName {
		a.Left(x+1, 0, w, theme.Dim, e.name)
		x += 1 + w
	}
	return x
}

func tellRequested(a canvas.Area, x int, e *entry) int {
	x = tellAddr(a, tellHash(a, x, e), " from ", e)
	if e.Maintenance {
		x = a.Put(x, 0, theme.Dim, ", maintenance")
	}
	return x
}

func tellStored(a canvas.Area, x int, e *entry) int {
	return tellAddr(a, a.ID(x, 0, theme.Text, e.Hash, 8), ", an item, from ", e)
}

func tellAnnounced(a canvas.Area, x int, e *entry) int {
	x = tellAddr(a, tellHash(a, x, e), " by ", e)
	x = a.Put(x, 0, theme.Dim, ", swarm of ")
	return a.Count(x, 0, theme.Text, e.N)
}

func tellSampled(a canvas.Area, x int, e *entry) int {
	x = a.Count(x, 0, theme.Text, e.N)
	x = a.Put(x, 0, theme.Dim, human.Plural(e.N, " hash, ", " hashes, "))
	x = a.Count(x, 0, theme.Text, e.New)
	x = tellAddr(a, a.Put(x, 0, theme.Dim, " new"), " from ", e)
	if e.Wait <= 0 {
		return x
	}
	x = a.Put(x, 0, theme.Dim, " (next in ")
	return a.Put(a.Age(x, 0, theme.Dim, e.Wait), 0, theme.Dim, ")")
}

func tellFound(a canvas.Area, x int, e *entry) int {
	return tellFindings(a, a.Put(tellHash(a, x, e), 0, theme.Dim, " "), e.Peers, e.Nodes)
}

func tellFindings(a canvas.Area, x, peers, nodes int) int {
	x = a.Count(x, 0, theme.Text, peers)
	x = a.Put(x, 0, theme.Dim, human.Plural(peers, " peer", " peers"))
	if nodes == 0 {
		return x
	}
	x = a.Put(x, 0, theme.Dim, " from ")
	x = a.Count(x, 0, theme.Text, nodes)
	return a.Put(x, 0, theme.Dim, human.Plural(nodes, " node", " nodes"))
}

func tellNode(a canvas.Area, x int, e *entry) int {
	x = a.ID(x, 0, theme.Text, e.ID, 8)
	return tellAddr(a, x, " at ", e)
}

func tellDone(a canvas.Area, x int, e *entry) int {
	x = a.Put(tellHash(a, x, e), 0, theme.Dim, " ")
	if e.N == 0 && e.Text != "" {
		a.Left(x, 0, a.W-x, theme.Bad, e.Text)
		return a.W
	}
	return tellFindings(a, x, e.N, e.Nodes)
}

func tellText(a canvas.Area, x int, e *entry) int {
	a.Left(x, 0, a.W-x, theme.Text, e.Text)
	return a.W
}

func tellAddr(a canvas.Area, x int, word string, e *entry) int {
	x = a.Put(x, 0, theme.Dim, word)
	x = a.Put(x, 0, theme.Text, string(text.AppendAddr(a.Scratch(), e.Addr, e.privacy)))
	if place := e.places.Of(e.Addr.Addr()).String(); place != "" {
		x = a.Put(x, 0, theme.Dim, " ", place)
	}
	return x
}

func tellNamed(a canvas.Area, x int, e *entry) int {
	e.name = "" // it follows
	return tellText(a, a.Put(tellHash(a, x, e), 0, theme.Dim, " is "), e)
}

func drawNoEvents(a canvas.Area) {
	a.Teach("Nothing has happened yet. Requests, announces, samples and lookups appear here as they happen.")
}
