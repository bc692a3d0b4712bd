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
}

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
	case progressMsg:
		return m.startup.tick(m.timer.done)
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
