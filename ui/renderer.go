package ui

import (
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"dhtop/ui/terminal"
)

// renderer writes the frames of a Model to the terminal: the lines that changed, in one write, right after the
// message that changed them. It replaces the renderer of Bubble Tea, which wakes up at a fixed rate: a high
// one costs CPU time at rest, a low one delays the frame of a key.
type renderer struct {
	*Model           // on the screen
	targets *targets // of which that is one; nil for one alone
	out     *terminal.Output
	lines   []string // on the terminal; nil when all of it must be drawn
	frame   string   // the lines, joined
	buf     []byte

	resized <-chan os.Signal
}

// Init implements tea.Model.
func (r *renderer) Init() tea.Cmd {
	if r.targets != nil {
		return tea.Batch(r.targets.init(), r.size)
	}
	return tea.Batch(r.Model.Init(), r.size)
}

// pass passes a message on.
func (r *renderer) pass(msg tea.Msg) tea.Cmd {
	if r.targets == nil {
		_, cmd := r.Model.Update(msg)
		return cmd
	}
	cmd := r.targets.update(msg)
	r.Model = r.targets.current()
	return cmd
}

// size returns the size of the terminal as a message.
func (r *renderer) size() tea.Msg {
	w, h, err := r.out.Size()
	if err != nil {
		return nil
	}
	return tea.WindowSizeMsg{Width: w, Height: h}
}

// nextSize waits until the terminal is resized.
func (r *renderer) nextSize() tea.Msg {
	select {
	case <-r.resized:
		return r.size()
	case <-r.timer.done:
		return nil
	}
}

// Update implements tea.Model: it passes msg to the Model and renders what changed.
func (r *renderer) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := r.pass(msg)
	switch msg {
	case tea.EnableMouseCellMotion():
		r.out.WriteString(terminal.EnableMouse) //nolint:errcheck // out notices a terminal that is gone
	case tea.DisableMouse():
		r.out.WriteString(terminal.DisableMouse) //nolint:errcheck // as above
	case tea.ClearScreen():
		r.lines, r.frame = nil, ""
	}
	switch msg.(type) {
	case tea.WindowSizeMsg:
		r.lines, r.frame = nil, ""
		cmd = tea.Batch(cmd, r.nextSize)
	case tea.ResumeMsg: // it may have been resized meanwhile
		r.pass(r.size())
	}
	r.render()
	return r, cmd
}

// View implements tea.Model. Update has rendered the frame already.
func (r *renderer) View() string { return "" }

// render writes the lines that changed.
func (r *renderer) render() {
	frame := r.Model.View()
	if frame == r.frame {
		return
	}
	lines, buf := strings.Split(frame, "\n"), r.buf[:0]
	if len(lines) != len(r.lines) {
		r.lines = nil
		buf = append(buf, ansi.EraseEntireScreen...)
	}
	for i, line := range lines {
		if r.lines == nil || line != r.lines[i] {
			buf = append(append(buf, ansi.CursorPosition(1, i+1)...), line...)
		}
	}
	r.out.Write(buf) //nolint:errcheck // as above
	r.lines, r.frame, r.buf = lines, frame, buf
}
