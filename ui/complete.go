package ui

import (
	"strings"

	"dhtop/dhtcore/filter"
)

// completing is a completion that tab goes through.
type completing struct {
	filter.Completion
	before string // the text that the options complete
	at     int    // the option that stands in the line now, from 1; 0 for none
}

// assist completes what is typed, or brings back an earlier answer.
func (p *prompt) assist(m *Model, key string) {
	value := p.input.Value()
	switch key {
	case "up", "ctrl+p":
		value = p.recall(p.recalled + 1)
	case "down", "ctrl+n":
		value = p.recall(p.recalled - 1)
	case "tab":
		value = p.turn(1)
	case "shift+tab":
		value = p.turn(-1)
	}
	if value == p.input.Value() {
		return
	}
	p.input.SetValue(value)
	p.input.CursorEnd()
	p.changed(m)
}

// turn returns the text with the next option, or the previous one.
func (p *prompt) turn(by int) string {
	c := &p.completed
	if c.at == 0 {
		value := p.input.Value()
		*c = completing{Completion: p.complete(value), before: value}
	}
	n := len(c.Options)
	if n == 0 || p.input.Position() < len([]rune(p.input.Value())) { // the cursor is inside the text
		*c = completing{}
		return p.input.Value()
	}
	if c.at == 0 && by < 0 {
		c.at = 1
	}
	c.at = (c.at-1+by+n)%n + 1
	text := c.before[:c.From] + c.Options[c.at-1]
	if n == 1 {
		*c = completing{} // what follows may be completed in turn
	}
	return text
}

// recall returns the answer that is back before the newest one; that which was typed for 0.
func (p *prompt) recall(back int) string {
	if back < 0 || back > len(p.earlier) {
		return p.input.Value()
	}
	if p.recalled == 0 {
		p.draft = p.input.Value()
	}
	p.recalled = back
	p.completed = completing{}
	if back == 0 {
		return p.draft
	}
	return p.earlier[len(p.earlier)-back]
}

// completionHint says what may be typed next.
func (p *prompt) completionHint() string {
	c := p.complete(p.input.Value())
	if p.completed.at > 0 {
		c.Options = p.completed.Options
	}
	options := strings.Join(c.Options, "  ")
	switch {
	case c.Help != "" && options != "":
		return "tab: " + options + "  (" + c.Help + ")"
	case c.Help != "":
		return c.Help
	case strings.TrimSpace(p.input.Value()) == "":
		return "word  !not  ~regex  \"two words\"  tab: " + options
	case options != "":
		return "tab: " + options
	default:
		return "word  !not  ~regex  field:word  field>number  \"two words\""
	}
}
