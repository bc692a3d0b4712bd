package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore/filter"
	"dhtop/views/screen"
)

// maxAnswer is the longest input, in characters: magnet links with many trackers are long.
const maxAnswer = 8192

// prompt is an open question. While there is one, all keys but ctrl+c go to its input line.
type prompt struct {
	label, hint string
	err         error
	input       textinput.Model
	accept      func(m *Model, value string) (tea.Cmd, error) // an error keeps the prompt open
	change      func(m *Model, value string) error            // as it is typed; may be nil
	cancel      func(m *Model)                                // may be nil
	choices     func(m *Model, value string) []screen.Key     // nil where any text will do
	chosen      int                                           // of them
	offers      []string                                      // answers that tab goes through; nil for none
	offered     bool                                          // the line holds one of them, which the first key replaces

	complete  func(value string) filter.Completion // how the text may go on; may be nil
	completed completing
	earlier   []string // answers that up and down bring back, the newest last
	recalled  int      // how many back
	draft     string   // what was typed before
}

// ask opens a prompt. accept may open the next one.
func (m *Model) ask(label, hint, value string, accept func(m *Model, value string) (tea.Cmd, error)) {
	in := textinput.New()
	in.CharLimit = maxAnswer
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // it would run xclip; the terminal can paste
	in.SetValue(strings.TrimSpace(value))
	in.CursorEnd()
	in.Focus()
	m.prompt = &prompt{label: label, hint: hint, input: in, accept: accept}
}

// key handles a key while the prompt is open.
func (p *prompt) key(m *Model, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		m.prompt = nil
		if p.cancel != nil {
			p.cancel(m)
		}
		return nil
	case "enter":
		cmd, err := p.accept(m, strings.TrimSpace(p.input.Value()))
		if p.err = err; err == nil && m.prompt == p {
			m.prompt = nil
		}
		return cmd
	case "up", "down", "tab", "shift+tab", "ctrl+p", "ctrl+n":
		switch {
		case p.choices != nil:
			p.choose(m, msg.String())
			return nil
		case p.complete != nil:
			p.assist(m, msg.String())
			return nil
		case p.offers != nil:
			p.offer(msg.String())
			return nil
		}
	}
	if p.offered && msg.Type == tea.KeyRunes {
		p.input.SetValue("")
	}
	p.offered = false
	before := p.input.Value()
	p.input, _ = p.input.Update(msg) // its command only blinks the cursor
	if p.input.Value() != before {
		p.completed, p.recalled = completing{}, 0
		p.changed(m)
	}
	return nil
}

// offer puts the next of the offers into the line, or the previous one, and wraps around.
func (p *prompt) offer(key string) {
	p.input.SetValue(p.offers[next(max(slices.Index(p.offers, p.input.Value()), 0), len(p.offers), key)])
	p.input.CursorEnd()
	p.offered = true
}

// changed acts on what is typed now.
func (p *prompt) changed(m *Model) {
	p.err, p.chosen = nil, 0
	if p.change != nil {
		p.err = p.change(m, p.input.Value())
	}
}

// choose moves to the next choice or the previous one, and wraps around.
func (p *prompt) choose(m *Model, key string) {
	n := len(p.choices(m, p.input.Value()))
	if n == 0 {
		return
	}
	p.chosen = next(p.chosen, n, key)
}

// next is the place after one of n, or before it for a key that goes back, and wraps around.
func next(at, n int, key string) int {
	if key == "up" || key == "shift+tab" || key == "ctrl+p" {
		return (at + n - 1) % n
	}
	return (at + 1) % n
}

// view returns the prompt for the screen.
func (p *prompt) view(m *Model) *screen.Prompt {
	v := &screen.Prompt{Label: p.label, Hint: p.hint, Value: p.input.Value(), Cursor: p.input.Position()}
	if p.choices != nil {
		v.Choices = p.choices(m, p.input.Value())
		v.Chosen = p.chosen
	}
	if p.complete != nil {
		v.Hint = p.completionHint()
	}
	if p.err != nil {
		v.Err = p.err.Error()
	}
	return v
}
