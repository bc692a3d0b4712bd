package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views"
)

// maxAnswer bounds what can be typed or pasted: magnet links with many trackers are long.
const maxAnswer = 8192

// prompt is an open question. While there is one, all keys but ctrl+c go into its line.
type prompt struct {
	label, hint string
	err         error
	input       textinput.Model
	accept      func(m *Model, value string) (tea.Cmd, error) // an error keeps the prompt open
}

// ask opens a prompt. Accept may open the next one.
func (m *Model) ask(label, hint, value string, accept func(m *Model, value string) (tea.Cmd, error)) {
	in := textinput.New()
	in.CharLimit = maxAnswer
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // it would run xclip; the terminal pastes by itself
	in.SetValue(strings.TrimSpace(value))
	in.CursorEnd()
	in.Focus()
	m.prompt = &prompt{label: label, hint: hint, input: in, accept: accept}
}

// promptKey is a key while a prompt is open.
func (m *Model) promptKey(msg tea.KeyMsg) tea.Cmd {
	p := m.prompt
	switch msg.String() {
	case "esc":
		m.prompt = nil
		return nil
	case "enter":
		cmd, err := p.accept(m, strings.TrimSpace(p.input.Value()))
		if p.err = err; err == nil && m.prompt == p {
			m.prompt = nil
		}
		return cmd
	}
	before := p.input.Value()
	p.input, _ = p.input.Update(msg) // its command only blinks the cursor
	if p.input.Value() != before {
		p.err = nil
	}
	return nil
}

// view is the prompt as the views know it.
func (p *prompt) view() *views.Prompt {
	v := &views.Prompt{Label: p.label, Hint: p.hint, Value: p.input.Value(), Cursor: p.input.Position()}
	if p.err != nil {
		v.Err = p.err.Error()
	}
	return v
}
