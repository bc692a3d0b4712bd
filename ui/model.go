package ui

import (
	"context"
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/ui/terminal"
	"dhtop/ui/transform"
	"dhtop/views"
	"dhtop/views/screen"
)

// Model is the state of the program, a tea.Model.
type Model struct {
	core Core      // zero during startup
	term io.Writer // for what bypasses the renderer: the clipboard
	kbd  *terminal.Keyboard

	keymap keymap

	startup startup
	targets *targets // of which this is one; nil for one alone

	raw       *dhtcore.Snapshot // the newest
	snap      *dhtcore.Snapshot // the one on the screen: raw, transformed
	transform transform.Pipeline
	state     screen.State
	width     int
	height    int
	shown     screen.Extent // of the focused list and of an opened detail, in the last frame

	timer      refreshTimer
	scrub      scrubber
	highlights transform.Highlights
	toast      toast
	welcomed   bool // see welcome
	prompt     *prompt
	back       history       // where esc goes
	filters    filterHistory // what / asked for
	started    request       // the last lookup
	announced  request       // the last announce
	nameFetch  request       // the last name fetch

	exporting exports
	warnings  warnings

	subscribed subscriptions // what the core was told last
	pinging    pinging

	frozenAt  time.Time
	mouseOff  bool   // the terminal has the mouse
	keepFrame bool   // print the last frame after the end
	stop      func() // stops the process until the shell resumes it; nil where no shell can

	changes uint64 // counts the changes that a frame depends on
	frame   frame
}

// frame is the last View, kept because Bubble Tea asks for one after every message.
type frame struct {
	changes uint64
	text    string
}

func newModel(ctx context.Context, c Core, cfg Config, out io.Writer) *Model {
	m := &Model{core: c.whole(), term: out, kbd: new(terminal.Keyboard), timer: refreshTimer{done: ctx.Done()}, keymap: newKeymap(),
		raw: new(dhtcore.Snapshot), snap: new(dhtcore.Snapshot), changes: 1}
	m.state.Masked, m.state.Terminal = cfg.Mask, cfg.Terminal
	if cfg.Lab {
		m.state.Pane = screen.LabPane
	}
	m.state.Theme = cfg.Theme
	if cfg.ASCII && cfg.Theme != nil {
		m.state.Theme = cfg.Theme.WithASCII()
	}
	return m
}

// Init implements tea.Model.
func (m *Model) Init() tea.Cmd {
	if m.startup.pending() {
		return m.startup.begin(m.timer.done)
	}
	return m.begin(time.Now())
}

// begin shows the first picture of the Core.
func (m *Model) begin(now time.Time) tea.Cmd {
	m.followLink(now)
	m.refresh(now)
	return tea.Batch(m.startReplay(now), m.timer.schedule(now))
}

// Update implements tea.Model.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	now := time.Now()
	if window, is := msg.(tea.WindowSizeMsg); is {
		msg = bounded(window)
	}
	if m.startup.pending() {
		return m, m.updateSplash(msg, now)
	}
	switch msg := msg.(type) {
	case tickMsg:
		return m, m.tick(msg, now)
	case tea.KeyMsg:
		m.changes++
		focus := m.state.Focus()
		return m, m.acted(now, focus, m.keyPresses(msg, now)...)
	case tea.MouseMsg:
		focus := m.state.Focus()
		return m, m.acted(now, focus, m.mouse(msg, now))
	case tea.ResumeMsg:
		m.changes++
		return m, m.resume(now)
	case tea.WindowSizeMsg:
		m.changes++
		m.width, m.height = msg.Width, msg.Height
		m.state.Terminal.Width, m.state.Terminal.Height = msg.Width, msg.Height
	case tea.FocusMsg:
		m.timer.blurred = false
		return m, m.timer.hurry(now)
	case tea.BlurMsg:
		m.timer.blurred = true
	case pictureMsg:
		return m, m.unpacked(msg, now)
	case marksMsg:
		m.marked(msg, now)
	case exportedMsg:
		m.changes++
		m.exported(msg, now)
	}
	return m, nil
}

// acted finishes a key or a mouse event; focus is the list that was focused before it.
func (m *Model) acted(now time.Time, focus screen.List, cmds ...tea.Cmd) tea.Cmd {
	m.welcomeBack(now)
	m.timer.lastKey = now
	m.refocus(focus)
	if !m.scrub.on() {
		m.subscribe()
		m.pinging.leave(m)
	}
	return tea.Batch(append(cmds, m.timer.hurry(now))...)
}

// keyPresses splits the one message that Bubble Tea makes of keys that arrive faster than it reads: "jjj" is
// three keys, unless a prompt is open. A key with alt is esc and that key, unless the prompt moves by words.
func (m *Model) keyPresses(msg tea.KeyMsg, now time.Time) (cmds []tea.Cmd) {
	if msg.Alt && (msg.Type == tea.KeyEsc || msg.Type == tea.KeyRunes && m.prompt == nil) {
		msg.Alt = false
		return append(m.keyPresses(tea.KeyMsg{Type: tea.KeyEsc}, now), m.keyPresses(msg, now)...)
	}
	if m.prompt != nil && msg.Type == tea.KeyRunes && len(msg.Runes) > 1 {
		msg.Paste = true // else "end" would be the key of that name
	}
	if msg.Type != tea.KeyRunes || msg.Paste || len(msg.Runes) < 2 || m.prompt != nil {
		return []tea.Cmd{m.key(msg, now)}
	}
	for _, r := range msg.Runes {
		cmds = append(cmds, m.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}}, now))
	}
	return cmds
}

// key handles one key.
func (m *Model) key(msg tea.KeyMsg, now time.Time) tea.Cmd {
	if msg.String() == "ctrl+c" {
		return tea.Quit
	}
	m.toast = toast{}
	if m.prompt != nil {
		return m.prompt.key(m, msg)
	}
	if msg.Paste { // pasting a hash looks it up
		if why := m.keymap.byName["look up a hash"].whyNot(m); why != "" {
			m.toast.say(now, "%s", why)
			return nil
		}
		m.askHash(string(msg.Runes))
		return nil
	}
	a := m.keymap.byKey[msg.String()]
	if a == nil {
		return nil
	}
	return m.act(a, now)
}

// act runs an action, or says why it is not possible now.
func (m *Model) act(a *Action, now time.Time) tea.Cmd {
	if a.covered(&m.state) {
		m.toast.say(now, "the %s is open: esc closes it", overlay(&m.state))
		return nil
	}
	if reason := a.whyNot(m); reason != "" {
		m.toast.say(now, "%s", reason)
		return nil
	}
	return a.Do(m)
}

// refocus applies the filter and the order of the newly focused list.
func (m *Model) refocus(before screen.List) {
	now := m.state.Focus()
	transformed := func(l screen.List) bool {
		return m.state.Filters[l] != nil || l == screen.LookupList && m.state.Orders[l] != screen.Order{}
	}
	if now != before && (transformed(now) || transformed(before)) {
		m.retransform()
	}
}

// retransform shows the same Snapshot after the transform has changed.
func (m *Model) retransform() {
	m.snap = m.transform.Apply(m.raw, &m.state, time.Now(), true)
	m.changes++
	m.state.Follow(m.snap)
}

// refresh takes a Snapshot and shows it if it is new.
func (m *Model) refresh(now time.Time) {
	raw := m.core.Snapshot()
	if raw == nil || raw == m.raw {
		return
	}
	m.changes++
	m.restarted(raw)
	m.raw = raw
	s := m.transform.Apply(raw, &m.state, now, false)
	m.state.Marks = m.highlights.Update(s, now)
	m.snap = s
	m.state.Follow(s)
	m.selectStarted()
	m.reportName(now)
	m.reportAnnounce(now)
	if m.warnings.read(m.raw) {
		io.WriteString(m.term, bell) //nolint:errcheck // the toast tells, too
	}
	m.welcome(now)
	m.subscribe()
	m.pinging.follow(m, now)
	if m.state.Parts != nil && m.core.ZoomCrawl != nil {
		m.openCell()
	}
}

// View implements tea.Model.
func (m *Model) View() string {
	if m.width <= 0 || m.height <= 0 || m.startup.pending() {
		return m.startup.drawSplash(m.width, m.height)
	}
	if m.frame.changes == m.changes {
		return m.frame.text
	}
	m.compose()
	var lines []string
	shown := m.snap
	if m.state.Doctor { // it judges by all that there was
		shown = m.raw
	}
	lines, m.shown = views.Frame(shown, &m.state, m.width, m.height)
	m.state.Keep(m.snap, m.shown)
	m.frame = frame{m.changes, strings.Join(lines, "\n")}
	return m.frame.text
}

// compose copies into the State what it shows of the Model.
func (m *Model) compose() {
	m.state.Keys, m.state.Hints = nil, m.keymap.hints(m)
	if m.state.Help {
		m.state.Keys = m.keymap.help(m)
	}
	m.state.Toast, m.state.Filter = m.toast.Toast, m.filtered()
	m.state.Prompt, m.state.Places = nil, m.raw.Places
	if m.targets != nil {
		m.state.Targets = m.targets.view()
	}
	mask := m.state.Mask(m.snap) // before it is cut, or parted by the cursor
	m.state.Filter.By = mask.Cover(m.state.Filter.By)
	if m.prompt != nil {
		m.state.Prompt = m.prompt.view(m)
		m.state.Prompt.Value = mask.Cover(m.state.Prompt.Value)
	}
}
