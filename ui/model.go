package ui

import (
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views"
)

// Model is the state of the program, in Bubble Tea's sense.
type Model struct {
	core core
	term io.Writer // for what goes past the renderer: the clipboard
	done <-chan struct{}

	actions []Action
	byKey   map[string]*Action

	snap   *dhtcore.Snapshot // the one on the screen
	state  views.State
	width  int
	height int
	rows   int // of the focused list in the last frame

	pace   pace
	marks  marks
	toast  toast
	prompt *prompt
	back   []place // where esc leads to
	wanted wanted
	naming wanted // the name that was asked for

	frozenAt time.Time
	leave    bool  // print the last frame after the end
	fatal    error // a panic of ours, for Run to return

	changes uint64 // counts whatever a frame depends on
	frame   frame
}

// frame is the last View, kept because Bubble Tea asks for one after every message.
type frame struct {
	changes uint64
	text    string
}

// place is where the user was before opening something.
type place struct {
	pane views.Pane
	zoom bool
}

func newModel(ctx context.Context, c core, cfg Config, out io.Writer) *Model {
	m := &Model{core: c, term: out, done: ctx.Done(), actions: Actions(), byKey: map[string]*Action{},
		snap: new(dhtcore.Snapshot), changes: 1}
	for i := range m.actions {
		for _, key := range m.actions[i].Keys {
			m.byKey[key] = &m.actions[i]
		}
	}
	m.state.Mask = cfg.Mask
	m.state.Theme = cfg.Theme
	if cfg.ASCII && cfg.Theme != nil {
		m.state.Theme = cfg.Theme.WithASCII()
	}
	m.refresh(time.Now())
	return m
}

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd { return m.schedule(time.Now()) }

// Update implements tea.Model.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	now := time.Now()
	switch msg := msg.(type) {
	case tickMsg:
		return m, m.tick(msg, now)
	case tea.KeyMsg:
		m.changes++
		m.pace.lastKey = now
		return m, tea.Batch(append(m.keyPresses(msg, now), m.hurry(now))...)
	case tea.WindowSizeMsg:
		m.changes++
		m.width, m.height = msg.Width, msg.Height
	case tea.FocusMsg:
		m.pace.blurred = false
		return m, m.hurry(now)
	case tea.BlurMsg:
		m.pace.blurred = true
	case exportedMsg:
		m.changes++
		m.exported(msg, now)
	case panicMsg:
		m.fatal = msg.err
		return m, tea.Quit
	}
	return m, nil
}

// keyPresses takes apart what Bubble Tea hands over as one message when keys come faster than it
// reads: "jjj" is three keys down, and not text, unless a prompt is open.
func (m *Model) keyPresses(msg tea.KeyMsg, now time.Time) (cmds []tea.Cmd) {
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 || m.prompt != nil {
		return []tea.Cmd{m.key(msg, now)}
	}
	for _, r := range msg.Runes {
		cmds = append(cmds, m.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}, now))
	}
	return cmds
}

// key does what a key means where we are.
func (m *Model) key(msg tea.KeyMsg, now time.Time) tea.Cmd {
	if msg.String() == "ctrl+c" {
		return tea.Quit
	}
	m.toast = toast{}
	if m.prompt != nil {
		return m.promptKey(msg)
	}
	if msg.Paste { // a hash on the clipboard is one that somebody wants to look up
		m.askHash(string(msg.Runes))
		return nil
	}
	a := m.byKey[msg.String()]
	if a == nil {
		return nil
	}
	if m.state.Help && a.Group == groupActions {
		m.say(now, "the help is open: esc closes it")
		return nil
	}
	if reason := a.off(m); reason != "" {
		m.say(now, "%s", reason)
		return nil
	}
	return a.Do(m)
}

// refresh takes a Snapshot and puts it on the screen if it is new.
func (m *Model) refresh(now time.Time) {
	s := m.core.snapshot()
	if s == nil || s == m.snap {
		return
	}
	m.changes++
	m.state.Marks = m.marks.update(s, now)
	m.snap = s
	m.state.Follow(s)
	m.seekWanted()
	m.seekName(now)
	if m.state.Parts != nil {
		m.openCell()
	}
}

// View implements tea.Model.
func (m *Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.frame.changes == m.changes {
		return m.frame.text
	}
	m.compose()
	var lines []string
	lines, m.rows = views.Frame(m.snap, &m.state, m.width, m.height)
	m.state.Keep(m.snap, m.rows)
	m.frame = frame{m.changes, strings.Join(lines, "\n")}
	return m.frame.text
}

// compose fills in what the State shows of the Model.
func (m *Model) compose() {
	m.state.Keys, m.state.Hints = nil, m.hints()
	if m.state.Help {
		m.state.Keys = m.keys()
	}
	m.state.Toast = m.toast.Toast
	m.state.Prompt = nil
	if m.prompt != nil {
		m.state.Prompt = m.prompt.view()
	}
}

// panicMsg is a panic in a command, brought home so that the terminal is restored before it is told.
type panicMsg struct{ err error }

// guard keeps a panic in a command from killing the process with the terminal in disarray.
func guard(cmd tea.Cmd) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = panicMsg{fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
			}
		}()
		return cmd()
	}
}
