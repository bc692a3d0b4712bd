package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/text"
)

// Opener opens what the screen is to show. It may take long: a splash is shown meanwhile.
type Opener func() (Core, error)

// openedMsg is the result of an Opener.
type openedMsg struct {
	core Core
	err  error
}

// startup waits for the Explorer to open. The zero value waits for nothing.
type startup struct {
	opener   Opener        // nil when it has returned
	progress func() string // how far it is; nil for nothing to say
	err      error         // of the Opener
	typed    []tea.KeyMsg  // meanwhile
	typedAt  time.Time     // the last of them
}

// What is typed while the Explorer opens.
const (
	maxTyped  = 256         // keys that are kept; what is pasted is one
	typingGap = time.Second // after the last of them, a q is no part of what is being typed
)

// progressEvery is how often the splash says anew how far the opening is.
const progressEvery = 250 * time.Millisecond

// progressMsg has the splash say how far the opening is.
type progressMsg struct{}

// begin opens the Explorer. done is closed when the program ends.
func (s *startup) begin(done <-chan struct{}) tea.Cmd { return tea.Batch(s.run, s.tick(done)) }

// tick waits until the splash is to say more.
func (s *startup) tick(done <-chan struct{}) tea.Cmd {
	if s.progress == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case <-time.After(progressEvery):
			return progressMsg{}
		case <-done:
			return nil
		}
	}
}

// pending reports whether the Explorer is still to be opened.
func (s *startup) pending() bool { return s.opener != nil }

// run opens the Explorer, on a goroutine of its own.
func (s *startup) run() tea.Msg {
	c, err := s.opener()
	return openedMsg{core: c, err: err}
}

// splash is the first line until the Explorer is open.
const splash = " dhtop: one moment, q quits"

// drawSplash fills the screen with the splash and how far the opening is.
func (s *startup) drawSplash(w, h int) string {
	if w <= 0 || h <= 0 {
		return splash
	}
	lines := make([]string, h)
	lines[0] = splash
	if s.progress != nil && h > 1 {
		if says := s.progress(); says != "" {
			lines[1] = " " + says
		}
	}
	for i := range lines {
		lines[i] = text.PadRight(lines[i], w)
	}
	return strings.Join(lines, "\n")
}

// updateSplash is Update while the Explorer opens: there is nothing yet for keys to act on, so they wait, such as an L and a hash
// that are typed at once.
func (m *Model) updateSplash(msg tea.Msg, now time.Time) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return m.startup.key(msg, now)
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BlurMsg:
		m.timer.blurred = true
	case tea.FocusMsg:
		m.timer.blurred = false
	case progressMsg:
		return m.startup.tick(m.timer.done)
	case openedMsg:
		if m.startup.err = msg.err; msg.err != nil {
			return tea.Quit
		}
		m.startup.opener = nil
		m.core = msg.core.whole()
		first := m.begin(now)
		return tea.Batch(append(m.typeAhead(), first)...)
	}
	return nil
}

// key keeps a key, or quits by it.
func (s *startup) key(msg tea.KeyMsg, now time.Time) tea.Cmd {
	typing := len(s.typed) > 0 && now.Sub(s.typedAt) < typingGap
	switch key := msg.String(); {
	case key == "ctrl+c", !typing && (key == "q" || key == "Q"):
		return tea.Quit
	case len(s.typed) == maxTyped:
		return nil
	case msg.Type == tea.KeyCtrlJ: // enter, before the terminal was raw
		msg.Type = tea.KeyEnter
	}
	s.typed, s.typedAt = append(s.typed, msg), now
	return nil
}

// typeAhead has the keys act that were typed while the Explorer opened.
func (m *Model) typeAhead() (cmds []tea.Cmd) {
	typed := m.startup.typed
	m.startup.typed = nil
	for _, key := range typed {
		_, cmd := m.Update(key)
		cmds = append(cmds, cmd)
	}
	return cmds
}
