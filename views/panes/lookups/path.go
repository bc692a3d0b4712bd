package lookups

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The measures of a path.
const (
	MaxHops      = 16  // kept of a path; a lookup that goes well takes three to six
	hopWidth     = 23  // cells, without the RTT: " → 2 b18ed56f… 148 bits"
	roomForTitle = 100 // cells from which on the title says whose path it is
	roomForRTT   = 150 // and the RTTs are written too
)

// Trail is how a lookup came to one step: who told of whom, from a node that we knew ourselves to that
// step, as indices of Lookup.Steps.
type Trail struct {
	Hops  []int
	title string // whose it is
	short string
}

// TrailOf is the trail of what the keys are on: of the selected node, or of the one that gave the
// selected peer. When they are elsewhere it is that of the closest node that answered.
func TrailOf(st *screen.State, lk *dhtcore.LookupState, order, buf []int) Trail {
	t := Trail{title: "path to the closest", short: "path"}
	step := -1
	switch {
	case st.Focus() == screen.StepList && len(order) > 0:
		t.title = "path to the selected"
		step = order[screen.Clamp(st.Lists[screen.StepList].Row, len(order))]
	case st.Focus() == screen.PeerList && len(lk.Peers) > 0:
		t.title = "path to its source"
		if p := st.PeerOf(lk); p != nil && len(p.From) > 0 {
			step = slices.IndexFunc(lk.Steps, func(s dhtcore.Step) bool { return s.Addr == p.From[0] })
		}
	default:
		if i := slices.IndexFunc(order, func(i int) bool { return lk.Steps[i].State == dhtcore.Replied }); i >= 0 {
			step = order[i]
		}
	}
	for step >= 0 && len(t.Hops) < MaxHops {
		buf = append(buf, step)
		t.Hops = buf
		step = referrer(lk, &lk.Steps[step])
	}
	slices.Reverse(t.Hops)
	return t
}

// referrer returns the step that was the first to name another, or -1. It is one round earlier, so trails end.
func referrer(lk *dhtcore.LookupState, of *dhtcore.Step) int {
	if of.Referrer.Zero() {
		return -1
	}
	for i := range lk.Steps {
		if s := &lk.Steps[i]; s.ID == of.Referrer && s.Round == of.Round-1 && s.State == dhtcore.Replied {
			return i
		}
	}
	return -1
}

// weKnew is the start of a complete trail.
const weKnew = "we knew"

// lines is how many of at most n lines of w cells a trail takes.
func (t *Trail) lines(a canvas.Area, lk *dhtcore.LookupState, n int) int {
	f := t.begin(a.Sub(0, 0, a.W, n))
	return min(hopLines(&f, lk, t.Hops, a.W >= roomForRTT), n)
}

// begin places the title's end.
func (t *Trail) begin(a canvas.Area) canvas.Flow {
	title := text.Width(t.title)
	if a.W < roomForTitle {
		title = text.Width(t.short)
	}
	return canvas.Flow{Area: a.Sub(1, 0, a.W-2, a.H), X: title + 2, Indent: title + 2}
}

// draw writes a trail, or its end where the whole does not fit.
func (t *Trail) draw(a canvas.Area, lk *dhtcore.LookupState) {
	if len(t.Hops) == 0 || a.H == 0 {
		return
	}
	f, rtt := t.begin(a), a.W >= roomForRTT
	if a.W < roomForTitle {
		f.Area.Put(0, 0, theme.Dim, t.short)
	} else {
		f.Area.Put(0, 0, theme.Dim, t.title)
	}
	hops := t.Hops
	for len(hops) > 1 && hopLines(&f, lk, hops, rtt) > a.H {
		hops = hops[1:]
	}
	if len(hops) < len(t.Hops) || !lk.Steps[hops[0]].Referrer.Zero() {
		f.Say(canvas.Dim("…"))
	} else {
		f.Say(canvas.Dim(weKnew))
	}
	for i, step := range hops {
		drawHop(&f, &lk.Steps[step], rtt, i == len(hops)-1)
	}
}

// hopLines is how many lines hops take.
func hopLines(f *canvas.Flow, lk *dhtcore.LookupState, hops []int, rtt bool) int {
	x, lines := f.X+len(weKnew), 1
	for _, i := range hops {
		w := hopWidth
		if step := &lk.Steps[i]; rtt && step.State == dhtcore.Replied {
			w += 1 + text.Width(human.Duration(step.RTT))
		}
		if x+w > f.Area.W {
			x = f.Indent
			lines++
		}
		x += w
	}
	return lines
}

// drawHop writes one hop: its round, which marks it in the plot too, the ID, the bits and the RTT.
func drawHop(f *canvas.Flow, step *dhtcore.Step, rtt, last bool) {
	mark, role := roundMark(step), theme.Title
	if last {
		mark, role, _ = stepStyle(step)
	}
	space, took := "", ""
	if rtt && step.State == dhtcore.Replied {
		space, took = " ", human.Duration(step.RTT)
	}
	f.Say(canvas.Dim(" → "), canvas.Styled(role, string(mark)), canvas.Text(" "), canvas.Text(text.Prefix(step.ID, 8)),
		canvas.Dim(" "), canvas.Dim(human.Count(step.Bits)), canvas.Dim(human.Plural(step.Bits, " bit", " bits")), canvas.Dim(space), canvas.Dim(took))
}

// roundMark is the digit that stands for a hop in the plot.
func roundMark(step *dhtcore.Step) rune {
	if step.Round < 1 || step.Round > 9 {
		return theme.Spare
	}
	return rune('0' + step.Round)
}
