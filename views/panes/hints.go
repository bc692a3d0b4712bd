package panes

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// DrawHints draws the bottom line: a prompt while one is open, a toast while one is up, else the keys
// of the moment.
func DrawHints(a canvas.Area, _ *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.Prompt != nil:
		drawPrompt(a, st.Prompt)
	case st.Toast.Text != "":
		role, x := theme.Text, 1
		if st.Toast.Bad {
			role = theme.Bad
			x = a.Put(x, 0, role, "! ")
		}
		a.Left(x, 0, a.W-x-1, role, st.Toast.Text)
	default:
		hints := st.Hints
		if a.Scrolls() {
			hints = append([]screen.Key{scrollKey}, hints...)
		}
		drawKeys(a, hints)
	}
}

// scrollKey is the hint that there is more of a detail.
var scrollKey = screen.Key{Keys: "j k", Help: "scroll"}

// drawKeys draws the hints that fit. The last one, the help, is always among them.
func drawKeys(a canvas.Area, hints []screen.Key) {
	if len(hints) == 0 {
		return
	}
	last := hints[len(hints)-1]
	room := a.W - 1 - hintWidth(last)
	x := 1
	for _, k := range hints[:len(hints)-1] {
		if x+hintWidth(k) > room {
			break
		}
		x = drawKey(a, x, k) + 2
	}
	drawKey(a, x, last)
}

func drawKey(a canvas.Area, x int, k screen.Key) int {
	key, label := theme.Title, theme.Dim
	if k.Off {
		key = theme.Dim
	}
	a.Sub(x, 0, hintWidth(k)-2, 1).Runs(k.Name)
	x = a.Put(x, 0, key, k.Keys)
	return a.Put(x+1, 0, label, k.Help)
}

func hintWidth(k screen.Key) int { return text.Width(k.Keys) + 1 + text.Width(k.Help) + 2 }

// maxChoices bounds how many choices are listed above a prompt.
const maxChoices = 10

// PromptLines is how many of h lines the bottom takes.
func PromptLines(p *screen.Prompt, h int) int {
	n := 1
	if p == nil {
		return n
	}
	if p.Note() != "" {
		n++
	}
	return n + min(len(p.Choices), maxChoices, max(h/2-n, 0))
}

// drawChoices draws what the answer may be, the chosen one marked.
func drawChoices(a canvas.Area, p *screen.Prompt) {
	c := screen.Cursor{Row: p.Chosen}
	top := c.First(len(p.Choices), a.H)
	for y := 0; y < a.H && top+y < len(p.Choices); y++ {
		line, k := a.Row(y), &p.Choices[top+y]
		if top+y == p.Chosen {
			line.Chosen = true
			line.Set(0, 0, theme.Accent, theme.Selected)
		}
		line.Left(2, 0, keyColumn-1, theme.Title, k.Keys)
		line.Left(2+keyColumn, 0, choiceColumn-1, theme.Text, k.Name)
		says, role := k.Help, theme.Dim
		if k.Off {
			says = "not now: " + k.Why
		}
		line.Left(2+keyColumn+choiceColumn, 0, line.W-keyColumn-choiceColumn-3, role, says)
	}
}

// choiceColumn is the width of the names of choices.
const choiceColumn = 18

// drawPrompt draws the question and its line, scrolled so that the cursor shows, and above it the
// note where there is a line for it, and above that the choices.
func drawPrompt(a canvas.Area, p *screen.Prompt) {
	if len(p.Choices) > 0 {
		notes := 1
		if p.Note() != "" {
			notes++
		}
		drawChoices(a.TakeTop(a.H-notes), p)
	}
	if a.H > 1 {
		note, role := a.TakeTop(1), theme.Dim
		if p.Err != "" {
			role = theme.Bad
			note.TakeLeft(note.Put(1, 0, role, "! ") - 1)
		}
		note.Left(1, 0, note.W-1, role, p.Note())
	}
	x := a.Put(1, 0, theme.Title, p.Label, " ")
	line := a.Sub(x, 0, a.W-x-1, 1)
	value := []rune(p.Value)
	cursor := max(min(p.Cursor, len(value)), 0)
	before, after := string(value[:cursor]), string(value[cursor:])
	for text.Width(before) >= max(line.W-1, 1) && before != "" { // show the end of what does not fit
		before = string([]rune(before)[1:])
	}
	x = line.Put(0, 0, theme.Text, before)
	line.Set(x, 0, theme.Title, theme.Cursor)
	line.Put(x+1, 0, theme.Text, after)
}
