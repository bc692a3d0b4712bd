package ui

import (
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/views/text"
)

// Opener opens the Explorer that is to be shown. It may take its time: a splash is shown meanwhile.
type Opener func() (*dhtcore.Explorer, error)

// openedMsg tells what came of an Opener.
type openedMsg struct {
	core core
	err  error
}

// opening is what waits for the Explorer. The zero value waits for nothing.
type opening struct {
	open Opener // nil when it is open
	err  error  // why it could not be opened
}

// begin opens the Explorer on a goroutine of its own.
func (o opening) begin() tea.Msg {
	e, err := o.open()
	if err != nil {
		return openedMsg{err: err}
	}
	return openedMsg{core: coreOf(e)}
}

// splash is shown until there is something to show.
const splash = " dhtop: one moment, q quits"

// drawSplash fills the screen with the splash.
func drawSplash(w, h int) string {
	if w <= 0 || h <= 0 {
		return splash
	}
	blank := "\n" + strings.Repeat(" ", w)
	return text.PadRight(splash, w) + strings.Repeat(blank, h-1)
}

// updateSplash is Update while the Explorer is being opened: there is nothing yet that keys could act on.
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
		m.pace.blurred = true
	case tea.FocusMsg:
		m.pace.blurred = false
	case openedMsg:
		if m.opening.err = msg.err; msg.err != nil {
			return tea.Quit
		}
		m.opening.open = nil
		m.core = msg.core
		m.refresh(now)
		return m.schedule(now)
	}
	return nil
}
