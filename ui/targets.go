package ui

import (
	"reflect"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
)

// targets are several nodes, of which one is on the screen. Each has a Model of its own, which goes on when another one is
// shown: it keeps what the user has chosen to see of it.
type targets struct {
	models []*Model
	names  []string
	shown  int
}

func newTargets(models []*Model, names []string) *targets {
	t := &targets{models: models, names: names}
	for i, m := range models {
		m.targets, m.timer.hidden = t, i > 0
	}
	return t
}

// turnMsg asks for the target of that number; an action sends it.
type turnMsg int

// targetMsg is a message for one Model, which need not be on the screen.
type targetMsg struct {
	of  int
	msg tea.Msg
}

// current is the Model on the screen.
func (t *targets) current() *Model { return t.models[t.shown] }

func (t *targets) init() tea.Cmd {
	cmds := make([]tea.Cmd, len(t.models))
	for i, m := range t.models {
		cmds[i] = t.bound(i, m.Init())
	}
	return tea.Batch(cmds...)
}

// update passes a message to the Model that it is for: keys and clicks are for the one on the screen, what happens to the
// terminal is for all.
func (t *targets) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case turnMsg:
		return t.turn(int(msg))
	case targetMsg:
		if to, turns := msg.msg.(turnMsg); turns {
			return t.turn(int(to))
		}
		phase := t.models[msg.of].linkPhase()
		_, cmd := t.models[msg.of].Update(msg.msg)
		if t.models[msg.of].linkPhase() != phase {
			t.current().changes++
		}
		return t.bound(msg.of, cmd)
	case tea.KeyMsg:
		if to, turns := t.number(msg); turns {
			return t.turn(to)
		}
	case tea.WindowSizeMsg, tea.FocusMsg, tea.BlurMsg:
		cmds := make([]tea.Cmd, len(t.models))
		for i, m := range t.models {
			_, cmd := m.Update(msg)
			cmds[i] = t.bound(i, cmd)
		}
		return tea.Batch(cmds...)
	}
	_, cmd := t.current().Update(msg)
	return t.bound(t.shown, cmd)
}

// number is the target that alt and a digit stand for.
func (t *targets) number(msg tea.KeyMsg) (to int, ok bool) {
	if !msg.Alt || msg.Type != tea.KeyRunes || len(msg.Runes) != 1 || t.current().prompt != nil {
		return 0, false
	}
	to = int(msg.Runes[0] - '1')
	return to, to >= 0 && to < min(len(t.models), 9)
}

// turn shows another target, in the look that the screen has.
func (t *targets) turn(to int) tea.Cmd {
	from := t.current()
	t.shown = (to + len(t.models)) % len(t.models)
	m := t.current()
	if m == from {
		return nil
	}
	from.timer.hidden, m.timer.hidden = true, false
	m.state.Theme, m.state.Masked, m.mouseOff = from.state.Theme, from.state.Masked, from.mouseOff
	m.changes++
	now := time.Now()
	m.timer.lastKey = now
	return t.bound(t.shown, m.timer.hurry(now))
}

// ownPackage is what the messages of Models are made in, save those of Bubble Tea.
var ownPackage = reflect.TypeFor[turnMsg]().PkgPath()

// bound returns cmd with its messages for the Model that it comes from.
func (t *targets) bound(of int, cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := cmd()
		if batch, is := msg.(tea.BatchMsg); is {
			all := make(tea.BatchMsg, len(batch))
			for i := range batch {
				all[i] = t.bound(of, batch[i])
			}
			return all
		}
		if msg == nil || reflect.TypeOf(msg).PkgPath() != ownPackage {
			return msg
		}
		return targetMsg{of, msg}
	}
}

// view lists the targets for the screen.
func (t *targets) view() []screen.Target {
	all := make([]screen.Target, len(t.models))
	for i, m := range t.models {
		all[i] = screen.Target{Name: t.names[i], Phase: m.linkPhase(), Current: i == t.shown}
	}
	return all
}

// linkPhase is how far the connection to the node is. Our own is there once it is open.
func (m *Model) linkPhase() screen.LinkPhase {
	switch {
	case m.state.Link != nil:
		return m.state.Link.Phase
	case m.startup.pending():
		return screen.LinkConnecting
	}
	return screen.LinkConnected
}

// needsTargets returns why there is no other node to show.
func needsTargets(m *Model) string {
	if m.targets == nil {
		return "one node is shown: 'dhtop attach' takes several"
	}
	return ""
}

// turnTarget returns an action that shows the node that many places further.
func turnTarget(steps int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd { return turnTo(m.targets.shown + steps) }
}

func turnTo(n int) tea.Cmd { return func() tea.Msg { return turnMsg(n) } }
