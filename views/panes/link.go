package panes

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// drawAttached says in the status bar that the node is not our own. Of several the line above says it.
func drawAttached(a canvas.Area, x int, _ *dhtcore.Snapshot, st *screen.State) int {
	if st.Link == nil || len(st.Targets) > 1 {
		return x
	}
	return a.Put(x, 0, theme.Text, "attached")
}

// drawAttachedTo says whose it is, after drawAttached.
func drawAttachedTo(a canvas.Area, x int, _ *dhtcore.Snapshot, st *screen.State) int {
	if st.Link == nil || len(st.Targets) > 1 {
		return x
	}
	return a.Put(x-1, 0, theme.Text, "to ", text.Cut(st.Link.Name, linkWidth))
}

// linkWidth is how many cells of a node's name the status bar has.
const linkWidth = 32

// drawReadOnly says that the keys command nothing.
func drawReadOnly(a canvas.Area, x int, _ *dhtcore.Snapshot, st *screen.State) int {
	if st.Link == nil || st.Link.ReadOnly == "" {
		return x
	}
	return a.Put(x, 0, theme.Warn, "read-only")
}

// LinkBroken reports whether what is shown is not what the node does now.
func LinkBroken(st *screen.State) bool {
	return st.Link != nil && st.Link.Shown && st.Link.Phase != screen.LinkConnected
}

// drawLacks says that the node knows more than this dhtop can show, which is then the older one.
func drawLacks(a canvas.Area, x int, _ *dhtcore.Snapshot, st *screen.State) int {
	if st.Link == nil || st.Link.Lacks == "" {
		return x
	}
	return a.Put(x, 0, theme.Warn, "newer there")
}

// The least screen on which why a connection is broken has lines of its own, as its end is the remedy, and how many at most.
const (
	highForWhy = 16
	whyLines   = 3
)

// LinkBrokenLines is how many lines DrawLinkBroken fills on a screen of w x h.
func LinkBrokenLines(st *screen.State, w, h int) int {
	if h < highForWhy || brokenWidth(st)+text.Width(st.Link.Why) < w {
		return 1
	}
	return 1 + min(canvas.Lines(st.Link.Why, w-2), whyLines)
}

// brokenWidth is about how many cells the first part of the banner takes.
func brokenWidth(st *screen.State) int {
	return len(" last picture, ") + len(phaseGlyphs[st.Link.Phase].word) + len(" for 59 min:") + 2
}

// DrawLinkBroken says that the picture is an old one, since when, and why.
func DrawLinkBroken(a canvas.Area, st *screen.State) {
	p := &phaseGlyphs[st.Link.Phase]
	x := a.Put(1, 0, p.role, "last picture, ", p.word, " for ")
	x = a.Put(a.Age(x, 0, p.role, st.Link.For), 0, p.role, ":") + 1
	if a.H == 1 {
		a.Left(x, 0, a.W-x-1, theme.Text, st.Link.Why)
		return
	}
	a.Sub(1, 1, a.W-2, a.H-1).Wrap(0, theme.Text, st.Link.Why)
}

// DrawConnecting stands in for a pane until the first picture of the node has come.
func DrawConnecting(a canvas.Area, st *screen.State) {
	l := st.Link
	a = a.Sub(2, 1, a.W-4, a.H-1)
	switch {
	case l.Phase == screen.LinkRefused:
		x := a.Put(0, 0, theme.Bad, "refused by ")
		a.Left(x, 0, a.W-x, theme.Bad, l.Name)
	case l.Phase == screen.LinkConnected:
		x := a.Put(0, 0, theme.Title, "waiting for the first picture of ")
		a.Left(x, 0, a.W-x, theme.Title, l.Name)
	default:
		x := a.Put(0, 0, theme.Title, "connecting to ")
		x = a.Put(x, 0, theme.Title, text.Cut(l.Name, max(a.W-x-len(" for 100 min"), 8)))
		x = a.Put(x, 0, theme.Dim, " for ")
		a.Age(x, 0, theme.Dim, l.For)
	}
	a.TakeTop(2)
	if l.Why == "" {
		return
	}
	a.TakeTop(a.Wrap(0, theme.Text, l.Why) + 1)
	again := "It is tried again every few seconds; q quits."
	if len(st.Targets) > 1 {
		again = "It is tried again every few seconds. ( and ) show the other nodes, q quits."
	}
	a.Wrap(0, theme.Dim, again)
}

// phaseGlyphs are what a connection looks like.
var phaseGlyphs = [...]struct {
	glyph rune
	role  theme.Role
	word  string
}{
	screen.LinkConnecting: {theme.Silent, theme.Warn, "connecting"},
	screen.LinkConnected:  {theme.Answered, theme.Good, ""},
	screen.LinkLost:       {theme.Silent, theme.Warn, "reconnecting"},
	screen.LinkRefused:    {theme.Lied, theme.Bad, "refused"},
}

// DrawTargets draws a line with the nodes that are shown, the current one marked. A click goes to one. Where not all fit,
// it says how many more there are.
func DrawTargets(a canvas.Area, targets []screen.Target) {
	first, room := 0, a.W-len(" +99")
	for end := 0; ; first++ { // the current one must be among them
		end = fitTargets(targets[first:], room)
		if first == len(targets)-1 || currentIn(targets[first:first+end]) {
			break
		}
	}
	x := 0
	n := max(fitTargets(targets[first:], room), 1)
	for i := first; i < first+n; i++ {
		t := &targets[i]
		w := targetWidth(t)
		tab := a.Sub(x, 0, w, 1)
		tab.Runs(screen.TargetAction(i))
		role := theme.Dim
		if t.Current {
			tab.Set(0, 0, theme.Accent, theme.Selected)
			role = theme.Text
		}
		p := &phaseGlyphs[t.Phase]
		tab.Set(1, 0, p.role, p.glyph)
		after := tab.Put(3, 0, role, text.Cut(t.Name, linkWidth))
		if p.word != "" {
			tab.Put(after+1, 0, p.role, p.word)
		}
		x += w
	}
	if more := len(targets) - n; more > 0 {
		a.Put(x, 0, theme.Dim, " +"+strconv.Itoa(more))
	} else if hint := "( ) switch"; x+len(hint)+2 < a.W {
		a.Right(0, 0, a.W-1, theme.Dim, hint)
	}
}

func targetWidth(t *screen.Target) int {
	w := 3 + text.Width(text.Cut(t.Name, linkWidth)) + 2
	if word := phaseGlyphs[t.Phase].word; word != "" {
		w += 1 + len(word)
	}
	return w
}

// fitTargets returns how many of the targets fit.
func fitTargets(targets []screen.Target, room int) (n int) {
	for i := range targets {
		if room -= targetWidth(&targets[i]); room < 0 {
			break
		}
		n++
	}
	return n
}

func currentIn(targets []screen.Target) bool {
	for i := range targets {
		if targets[i].Current {
			return true
		}
	}
	return false
}
