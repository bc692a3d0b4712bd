package events

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// eventStyle is how a kind of event is written: its word, the colour of the word, and what follows.
type eventStyle struct {
	word string
	role theme.Role
	tell func(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int
}

// eventStyles by kind. A kind without a word is left out of the log: a step of a lookup is seen better
// in the lookup.
var eventStyles = map[dhtcore.EventKind]eventStyle{
	dhtcore.Requested:     {"requested", theme.Text, tellRequested},
	dhtcore.Announced:     {"announced", theme.Good, tellAnnounced},
	dhtcore.Sampled:       {"sampled", theme.Text, tellSampled},
	dhtcore.Found:         {"found", theme.Good, tellFound},
	dhtcore.NodeJoined:    {"joined", theme.Dim, tellNode},
	dhtcore.NodeLeft:      {"left", theme.Dim, tellNode},
	dhtcore.LookupStarted: {"looking up", theme.Text, tellHash},
	dhtcore.LookupDone:    {"looked up", theme.Text, tellDone},
	dhtcore.CrawlStep:     {"crawl", theme.Text, tellText},
	dhtcore.Warning:       {"warning", theme.Warn, tellText},
	dhtcore.Named:         {"named", theme.Good, tellNamed},
	dhtcore.Reachable:     {"reachable", theme.Good, tellText},
}

const (
	eventText   = 22  // column at which what happened begins: time, word, text
	eventColumn = 100 // least width of a column of the log, when there are two
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
	i := len(s.Events) - 1
	for _, c := range columns {
		for y := 0; y < c.H && i >= 0; i-- {
			if DrawLine(c.Row(y), &s.Events[i], st.LogPrivacy(s)) {
				y++
			}
		}
	}
}

// DrawLine draws one line of the log, unless the event is of a kind that is left out.
func DrawLine(a canvas.Area, e *dhtcore.Event, p text.Privacy) bool {
	style, ok := eventStyles[e.Kind]
	if !ok {
		return false
	}
	a.Clock(1, 0, theme.Dim, e.At)
	a.Put(11, 0, style.role, style.word)
	if style.tell(a, eventText+1, e, p) > a.W {
		a.Set(a.W-1, 0, theme.Dim, text.Ellipsis)
	}
	return true
}

func tellHash(a canvas.Area, x int, e *dhtcore.Event, _ text.Privacy) int {
	return a.ID(x, 0, theme.Text, e.Hash, 8)
}

func tellRequested(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = tellAddr(a, tellHash(a, x, e, p), " from ", e, p)
	if e.Maintenance {
		x = a.Put(x, 0, theme.Dim, ", maintenance")
	}
	return x
}

func tellAnnounced(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = tellAddr(a, tellHash(a, x, e, p), " by ", e, p)
	x = a.Put(x, 0, theme.Dim, ", swarm of ")
	return a.Count(x, 0, theme.Text, e.N)
}

func tellSampled(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.Count(x, 0, theme.Text, e.N)
	x = a.Put(x, 0, theme.Dim, human.Plural(e.N, " hash, ", " hashes, "))
	x = a.Count(x, 0, theme.Text, e.New)
	x = tellAddr(a, a.Put(x, 0, theme.Dim, " new"), " from ", e, p)
	if e.Wait <= 0 {
		return x
	}
	x = a.Put(x, 0, theme.Dim, " (next in ")
	return a.Put(a.Age(x, 0, theme.Dim, e.Wait), 0, theme.Dim, ")")
}

func tellFound(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.Put(tellHash(a, x, e, p), 0, theme.Dim, " ")
	x = a.Count(x, 0, theme.Text, e.N)
	return tellAddr(a, a.Put(x, 0, theme.Dim, human.Plural(e.N, " peer", " peers")), " from ", e, p)
}

func tellNode(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.ID(x, 0, theme.Text, e.ID, 8)
	return tellAddr(a, x, " at ", e, p)
}

func tellDone(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.Put(tellHash(a, x, e, p), 0, theme.Dim, " ")
	if e.N == 0 && e.Text != "" {
		a.Left(x, 0, a.W-x, theme.Bad, e.Text)
		return a.W
	}
	x = a.Count(x, 0, theme.Text, e.N)
	return a.Put(x, 0, theme.Dim, human.Plural(e.N, " peer", " peers"))
}

func tellText(a canvas.Area, x int, e *dhtcore.Event, _ text.Privacy) int {
	a.Left(x, 0, a.W-x, theme.Text, e.Text)
	return a.W
}

func tellAddr(a canvas.Area, x int, word string, e *dhtcore.Event, p text.Privacy) int {
	x = a.Put(x, 0, theme.Dim, word)
	return a.Put(x, 0, theme.Text, string(text.AppendAddr(a.Scratch(), e.Addr, p)))
}

func tellNamed(a canvas.Area, x int, e *dhtcore.Event, p text.Privacy) int {
	return tellText(a, a.Put(tellHash(a, x, e, p), 0, theme.Dim, " is "), e, p)
}

func drawNoEvents(a canvas.Area) {
	a.Teach("Nothing has happened yet. Requests, announces, samples and lookups appear here as they happen.")
}
