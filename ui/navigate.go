package ui

import (
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/views/screen"
	"dhtop/views/theme"
)

// far is further than any list is long.
const far = 1 << 30

// half is half of what the last frame showed of the focused list or the opened detail, at least a row.
func (m *Model) half() int {
	if m.scrolls() {
		return max(m.shown.Page/2, 1)
	}
	return max(m.shown.Rows/2, 1)
}

// scrolls tells whether the keys scroll an opened detail that is longer than its space.
func (m *Model) scrolls() bool { return m.shown.Hidden > 0 }

// move moves the selection by some rows, or an opened detail by as many lines where it scrolls.
func (m *Model) move(by int) {
	if m.scrolls() {
		m.state.Scroll = max(min(m.state.Scroll+by, m.shown.Hidden), 0)
		return
	}
	m.state.Move(m.snap, by)
}

// toTop shows what is opened next from its first line on.
func (m *Model) toTop() { m.state.Scroll, m.shown.Hidden = 0, 0 }

// step is how far one down is: a row.
func (m *Model) step() int {
	if needsStrip(m) == "" {
		return max(m.shown.Rows/screen.StripRows, 1)
	}
	return 1
}

// move is an action that moves by some rows.
func move(by func(m *Model) int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.move(by(m))
		return nil
	}
}

// show is an action that goes to a pane.
func show(p screen.Pane) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.enter(p)
		return nil
	}
}

// turn is an action that goes to the pane that is by panes further.
func turn(by int) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.enter((m.state.Pane + screen.Panes + screen.Pane(by)) % screen.Panes)
		return nil
	}
}

// enter goes to a pane by its number, from where no way leads back.
func (m *Model) enter(p screen.Pane) {
	m.toTop()
	m.state.Pane, m.state.Zoom, m.state.Peers, m.state.Parts, m.back = p, false, false, nil, nil
	m.state.Lists[screen.HelpList] = screen.Cursor{}
	m.state.TakeApart(nil)
	m.state.Bucket = nil
}

// back takes one step back: out of the help, the zoom, what was opened, the pane. It never quits.
func back(m *Model) tea.Cmd {
	if !m.state.Help {
		m.toTop()
	}
	switch {
	case m.state.Help:
		m.state.Help = false
	case m.state.Doctor:
		m.state.Doctor = false
	case m.state.Whole:
		m.state.Whole = false
	case m.focus().Leave != nil:
		m.focus().Leave(&m.state)
	case m.state.Zoom:
		m.state.Zoom = false
	case m.focus().Widen != nil && m.focus().Widen(&m.state, m.snap):
	case m.transform.filters[m.state.Focus()] != nil:
		m.setFilter(m.state.Focus(), nil)
	case len(m.back) > 0:
		last := len(m.back) - 1
		m.state.Pane, m.state.Zoom = m.back[last].pane, m.back[last].zoom
		m.back = m.back[:last]
	default:
		m.state.Pane = screen.OverviewPane
	}
	return nil
}

// canOpen reports what is missing to open what is selected.
func canOpen(m *Model) string {
	if m.state.Whole {
		return "nothing more to open: esc goes back"
	}
	if reason := m.empty(); reason != "" {
		return reason
	}
	if c := m.focus(); c.WhyNotOpen != nil {
		return c.WhyNotOpen(&m.state, m.snap)
	}
	return ""
}

// canReadWhole reports what is missing to show all that is known of a lookup or a packet as a text.
func canReadWhole(m *Model) string {
	if m.state.Whole {
		return "these are the full details: esc goes back"
	}
	if c := m.focus(); c.WhyNoDetails != nil {
		return m.because(c.WhyNoDetails(&m.state, m.snap))
	}
	return ""
}

// readWhole shows all that is known of the opened lookup or packet as a text that scrolls.
func readWhole(m *Model) tea.Cmd {
	m.toTop()
	m.state.Whole = true
	if m.state.Focus() == screen.LookupList {
		m.state.Zoom = true
	}
	return nil
}

// open goes from a hash to its detail and on to its newest lookup, from the nodes of a lookup to its peers,
// the newest first, from a part of the keyspace to its parts, and from a packet to its fields; from the peers
// and the fields to the text with nothing left out; elsewhere it zooms in.
func open(m *Model) tea.Cmd {
	m.toTop()
	switch l := m.state.Focus(); {
	case contexts[l].open != nil:
		contexts[l].open(m)
	case l.Context().Open != nil:
		l.Context().Open(&m.state, m.snap)
	default:
		m.state.Zoom = true
	}
	return nil
}

// freeze holds the picture still, or lets it go on at once.
func freeze(m *Model) tea.Cmd {
	now := time.Now()
	m.state.Frozen = !m.state.Frozen
	m.timer.frozen = m.state.Frozen
	if m.state.Frozen {
		m.frozenAt, m.state.FrozenFor = now, 0
		return nil
	}
	m.refresh(now)
	return m.timer.schedule(now)
}

func zoom(m *Model) tea.Cmd {
	m.toTop()
	m.state.Zoom, m.state.Peers, m.state.Whole = !m.state.Zoom, false, false
	return nil
}

func mask(m *Model) tea.Cmd {
	m.state.Masked = !m.state.Masked
	for _, f := range m.transform.filters {
		if f != nil {
			f.privacy = m.state.Privacy()
		}
	}
	m.retransform()
	if m.state.Masked {
		m.say(time.Now(), "addresses and our own ID are masked, in copies and exports too")
	} else {
		m.say(time.Now(), "addresses are shown")
	}
	return nil
}

func help(m *Model) tea.Cmd {
	m.state.Help, m.state.Doctor = !m.state.Help, false
	m.state.Lists[screen.HelpList] = screen.Cursor{}
	return nil
}

// doctor shows what the doctor finds, or closes it.
func doctor(m *Model) tea.Cmd {
	m.toTop()
	m.state.Help, m.state.Doctor = false, !m.state.Doctor
	return nil
}

// canFollow reports why there is nothing to follow.
func canFollow(m *Model) string {
	if m.focus().Pins == nil {
		return "rows do not move here: nothing to follow"
	}
	return ""
}

// follow keeps the selection on what it is on, whatever happens to it, or lets go.
func follow(m *Model) tea.Cmd {
	if m.state.Hold(m.snap) {
		m.say(time.Now(), "following the selected row, even if it leaves and returns; F stops")
	} else {
		m.say(time.Now(), "no longer following")
	}
	return nil
}

// nextTheme draws in the colours of the next theme.
func nextTheme(m *Model) tea.Cmd {
	if m.state.Theme == nil {
		return nil
	}
	next := *theme.New(theme.Next(m.state.Theme.Name))
	next.ASCII, next.Blocks = m.state.Theme.ASCII, m.state.Theme.Blocks
	m.state.Theme = &next
	m.say(time.Now(), "theme %s: --theme %s keeps it", next.Name, next.Name)
	return nil
}

// suspend hands the terminal back to the shell until the shell resumes us.
func suspend(m *Model) tea.Cmd {
	io.WriteString(m.term, leaveScreen) //nolint:errcheck // a terminal that is gone ends the program elsewhere
	m.kbd.restore()
	return tea.Suspend
}

// resume takes the terminal again.
func (m *Model) resume(now time.Time) tea.Cmd {
	m.kbd.makeRaw()                     //nolint:errcheck // the terminal was one before
	io.WriteString(m.term, enterScreen) //nolint:errcheck // as above
	cmds := []tea.Cmd{tea.ClearScreen, m.timer.schedule(now)}
	if !m.mouseOff {
		cmds = append(cmds, tea.EnableMouseCellMotion)
	}
	if !m.state.Frozen {
		m.refresh(now)
	}
	return tea.Batch(cmds...)
}

func quit(*Model) tea.Cmd { return tea.Quit }

func quitLeaving(m *Model) tea.Cmd {
	m.leave = true
	return tea.Quit
}
