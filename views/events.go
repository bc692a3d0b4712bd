package views

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// eventLook is how a kind of event is written: its word, the colour of the word, and what follows.
type eventLook struct {
	word string
	role theme.Role
	tell func(a area, x int, e *dhtcore.Event, p text.Privacy) int
}

// eventLooks by kind. A kind without a word is left out of the log: a step of a lookup is seen better
// in the lookup.
var eventLooks = map[dhtcore.EventKind]eventLook{
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

func drawEvents(a area, s *dhtcore.Snapshot, st *State) { drawEventLog(a.heading("now"), s, st) }

// drawEventLog draws the log, newest first; in two columns, the older in the right, where it is wide.
func drawEventLog(a area, s *dhtcore.Snapshot, st *State) {
	if len(s.Events) == 0 {
		drawNoEvents(a)
		return
	}
	columns := []area{a}
	if a.w >= 2*eventColumn-30 {
		left := a.takeLeft(a.w / 2)
		columns = []area{left, a}
	}
	i := len(s.Events) - 1
	for _, c := range columns {
		for y := 0; y < c.h && i >= 0; i-- {
			if drawEvent(c.row(y), &s.Events[i], st.logPrivacy(s)) {
				y++
			}
		}
	}
}

// drawEvent draws one line of the log, unless the event is of a kind that is left out.
func drawEvent(a area, e *dhtcore.Event, p text.Privacy) bool {
	look, ok := eventLooks[e.Kind]
	if !ok {
		return false
	}
	a.clock(1, 0, theme.Dim, e.At)
	a.put(11, 0, look.role, look.word)
	if look.tell(a, eventText+1, e, p) > a.w {
		a.set(a.w-1, 0, theme.Dim, text.Ellipsis)
	}
	return true
}

// clock draws the time of day.
func (a area) clock(x, y int, role theme.Role, t time.Time) {
	h, m, s := t.Clock()
	for i, n := range [...]int{h, m, s} {
		a.set(x+3*i, y, role, rune('0'+n/10))
		a.set(x+3*i+1, y, role, rune('0'+n%10))
		if i < 2 {
			a.set(x+3*i+2, y, role, ':')
		}
	}
}

func tellHash(a area, x int, e *dhtcore.Event, _ text.Privacy) int {
	return a.id(x, 0, theme.Text, e.Hash, 8)
}

func tellRequested(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	return tellAddr(a, tellHash(a, x, e, p), " from ", e, p)
}

func tellAnnounced(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = tellAddr(a, tellHash(a, x, e, p), " by ", e, p)
	x = a.put(x, 0, theme.Dim, ", swarm of ")
	return a.count(x, 0, theme.Text, e.N)
}

func tellSampled(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.count(x, 0, theme.Text, e.N)
	x = a.put(x, 0, theme.Dim, human.Plural(e.N, " hash, ", " hashes, "))
	x = a.count(x, 0, theme.Text, e.New)
	x = tellAddr(a, a.put(x, 0, theme.Dim, " new"), " from ", e, p)
	if e.Wait <= 0 {
		return x
	}
	x = a.put(x, 0, theme.Dim, " (next in ")
	return a.put(a.age(x, 0, theme.Dim, e.Wait), 0, theme.Dim, ")")
}

func tellFound(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.put(tellHash(a, x, e, p), 0, theme.Dim, " ")
	x = a.count(x, 0, theme.Text, e.N)
	return tellAddr(a, a.put(x, 0, theme.Dim, human.Plural(e.N, " peer", " peers")), " from ", e, p)
}

func tellNode(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.id(x, 0, theme.Text, e.ID, 8)
	return tellAddr(a, x, " at ", e, p)
}

func tellDone(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	x = a.put(tellHash(a, x, e, p), 0, theme.Dim, " ")
	x = a.count(x, 0, theme.Text, e.N)
	return a.put(x, 0, theme.Dim, human.Plural(e.N, " peer", " peers"))
}

func tellText(a area, x int, e *dhtcore.Event, _ text.Privacy) int {
	a.left(x, 0, a.w-x, theme.Text, e.Text)
	return a.w
}

func tellAddr(a area, x int, word string, e *dhtcore.Event, p text.Privacy) int {
	x = a.put(x, 0, theme.Dim, word)
	return a.put(x, 0, theme.Text, string(text.AppendAddr(a.scratch(), e.Addr, p)))
}

func tellNamed(a area, x int, e *dhtcore.Event, p text.Privacy) int {
	return tellText(a, a.put(tellHash(a, x, e, p), 0, theme.Dim, " is "), e, p)
}
