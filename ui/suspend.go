package ui

import (
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/ui/terminal"
)

// suspend gives the terminal to the shell, and returns when the shell resumes us. Bubble Tea's own way makes a new
// reader of the keyboard each time and leaves the files of the old one open. Nothing is drawn meanwhile, as frames
// are written from this goroutine.
func suspend(m *Model) tea.Cmd {
	if m.stop == nil {
		return nil
	}
	io.WriteString(m.term, terminal.LeaveScreen) //nolint:errcheck // a terminal that is gone ends the program elsewhere
	m.kbd.Restore()
	m.stop()
	return func() tea.Msg { return tea.ResumeMsg{} }
}

// resume takes the terminal back.
func (m *Model) resume(now time.Time) tea.Cmd {
	m.kbd.MakeRaw()                              //nolint:errcheck // the terminal was one before
	io.WriteString(m.term, terminal.EnterScreen) //nolint:errcheck // as above
	cmds := []tea.Cmd{tea.ClearScreen, m.timer.schedule(now)}
	if !m.mouseOff {
		cmds = append(cmds, tea.EnableMouseCellMotion)
	}
	if !m.state.Frozen && !m.scrub.on() {
		m.refresh(now)
	}
	return tea.Batch(cmds...)
}

func quit(*Model) tea.Cmd { return tea.Quit }

func quitKeepingFrame(m *Model) tea.Cmd {
	m.keepFrame = true
	return tea.Quit
}
