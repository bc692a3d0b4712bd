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
	opener Opener // nil when it has returned
	err    error  // of the Opener
}

// pending reports whether the Explorer is still to be opened.
func (s *startup) pending() bool { return s.opener != nil }

// run opens the Explorer, on a goroutine of its own.
func (s startup) run() tea.Msg {
	c, err := s.opener()
	return openedMsg{core: c, err: err}
}

// splash is the only line until the Explorer is open.
const splash = " dhtop: one moment, q quits"

// drawSplash fills the screen with the splash.
func drawSplash(w, h int) string {
	if w <= 0 || h <= 0 {
		return splash
	}
	blank := "\n" + strings.Repeat(" ", w)
	return text.PadRight(splash, w) + strings.Repeat(blank, h-1)
}

// updateSplash is Update while the Explorer opens: there is nothing yet for keys to act on.
func (m *Model) updateSplash(msg tea.Msg, now time.Time) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		switch msg.String() {
		case "q", "Q", "ctrl+c":
			return tea.Quit
		}
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BlurMsg:
		m.timer.blurred = true
	case tea.FocusMsg:
		m.timer.blurred = false
	case openedMsg:
		if m.startup.err = msg.err; msg.err != nil {
			return tea.Quit
		}
		m.startup.opener = nil
		m.core = msg.core.whole()
		return m.begin(now)
	}
	return nil
}
