package views

import (
	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// drawHints draws the bottom line: a prompt while one is open, a toast while one is up, else the keys
// of the moment.
func drawHints(a area, _ *dhtcore.Snapshot, st *State) {
	switch {
	case st.Prompt != nil:
		drawPrompt(a, st.Prompt)
	case st.Toast.Text != "":
		role, x := theme.Text, 1
		if st.Toast.Bad {
			role = theme.Bad
			x = a.put(x, 0, role, "! ")
		}
		a.left(x, 0, a.w-x-1, role, st.Toast.Text)
	default:
		hints := st.Hints
		if a.scrolls() {
			hints = append([]Key{scrollKey}, hints...)
		}
		drawKeys(a, hints)
	}
}

// scrollKey is the hint that there is more of a detail.
var scrollKey = Key{Keys: "j k", Help: "scroll"}

// drawKeys draws the hints that fit. The last one, the help, is always among them.
func drawKeys(a area, hints []Key) {
	if len(hints) == 0 {
		return
	}
	last := hints[len(hints)-1]
	room := a.w - 1 - hintWidth(last)
	x := 1
	for _, k := range hints[:len(hints)-1] {
		if x+hintWidth(k) > room {
			break
		}
		x = drawKey(a, x, k) + 2
	}
	drawKey(a, x, last)
}

func drawKey(a area, x int, k Key) int {
	key, label := theme.Title, theme.Dim
	if k.Off {
		key = theme.Dim
	}
	x = a.put(x, 0, key, k.Keys)
	return a.put(x+1, 0, label, k.Help)
}

func hintWidth(k Key) int { return text.Width(k.Keys) + 1 + text.Width(k.Help) + 2 }

// maxChoices bounds how many choices are listed above a prompt.
const maxChoices = 10

// promptLines is how many of h lines the bottom takes.
func promptLines(p *Prompt, h int) int {
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
func drawChoices(a area, p *Prompt) {
	c := Cursor{Row: p.Chosen}
	top := c.top(len(p.Choices), a.h)
	for y := 0; y < a.h && top+y < len(p.Choices); y++ {
		line, k := a.row(y), &p.Choices[top+y]
		if top+y == p.Chosen {
			line.chosen = true
			line.set(0, 0, theme.Accent, theme.Selected)
		}
		line.left(2, 0, keyColumn-1, theme.Title, k.Keys)
		line.left(2+keyColumn, 0, choiceColumn-1, theme.Text, k.Name)
		says, role := k.Help, theme.Dim
		if k.Off {
			says = "not now: " + k.Why
		}
		line.left(2+keyColumn+choiceColumn, 0, line.w-keyColumn-choiceColumn-3, role, says)
	}
}

// choiceColumn is the width of the names of choices.
const choiceColumn = 18

// drawPrompt draws the question and its line, scrolled so that the cursor shows, and above it the
// note where there is a line for it, and above that the choices.
func drawPrompt(a area, p *Prompt) {
	if len(p.Choices) > 0 {
		notes := 1
		if p.Note() != "" {
			notes++
		}
		drawChoices(a.takeTop(a.h-notes), p)
	}
	if a.h > 1 {
		note, role := a.takeTop(1), theme.Dim
		if p.Err != "" {
			role = theme.Bad
			note.takeLeft(note.put(1, 0, role, "! ") - 1)
		}
		note.left(1, 0, note.w-1, role, p.Note())
	}
	x := a.put(1, 0, theme.Title, p.Label, " ")
	line := a.sub(x, 0, a.w-x-1, 1)
	value := []rune(p.Value)
	cursor := max(min(p.Cursor, len(value)), 0)
	before, after := string(value[:cursor]), string(value[cursor:])
	for text.Width(before) >= max(line.w-1, 1) && before != "" { // show the end of what does not fit
		before = string([]rune(before)[1:])
	}
	x = line.put(0, 0, theme.Text, before)
	line.set(x, 0, theme.Title, theme.Cursor)
	line.put(x+1, 0, theme.Text, after)
}
