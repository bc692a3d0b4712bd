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
	case m.state.Focus() == screen.PeerList:
		m.state.Peers = false
	case m.state.Focus() == screen.PartList:
		m.state.Parts = nil
	case m.state.Focus() == screen.FieldList:
		m.state.TakeApart(nil)
	case m.state.Zoom:
		m.state.Zoom = false
	case m.state.Focus() == screen.NodeList && m.state.Bucket != nil:
		m.state.ChooseBucket(m.snap)
	case m.state.Focus() == screen.PacketList && m.state.PacketFilter != nil:
		m.state.FilterPackets(m.snap, nil)
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

// canOpen tells what is missing to open what is selected.
func canOpen(m *Model) string {
	if m.state.Whole {
		return "nothing more to open: esc goes back"
	}
	switch m.state.Focus() {
	case screen.HashList:
		h := m.state.Hash(m.snap)
		if h == nil {
			return m.emptied("no hashes seen yet")
		}
		if m.state.Pane == screen.HashesPane && m.state.Zoom && m.lookupOf(h.InfoHash) < 0 {
			return "no lookup of this hash yet: l starts one"
		}
	case screen.LookupList:
		if m.state.Lookup(m.snap) == nil {
			return m.emptied("no lookups yet: L starts one")
		}
	case screen.StepList:
		if lk := m.state.Lookup(m.snap); lk == nil || len(lk.Peers) == 0 {
			return "this lookup found no peers: esc goes back"
		}
	case screen.CellList:
		if !screen.Crawled(m.snap) {
			return "the crawl is off: c starts it"
		}
	case screen.PacketList:
		if m.state.SelectedPacket(m.snap) == nil {
			return m.emptied("no packets yet: they are recorded while this pane is open")
		}
	case screen.PartList:
		return "nothing more to open: esc goes back"
	case screen.NoList:
		return "nothing to open here"
	case screen.NodeList:
		if m.state.Zoom {
			return "already open: esc goes back"
		}
	}
	return ""
}

// canReadWhole tells what is missing to show all that is known of a lookup or a packet as a text.
func canReadWhole(m *Model) string {
	if m.state.Whole {
		return "these are the full details: esc goes back"
	}
	switch m.state.Focus() {
	case screen.FieldList:
	case screen.LookupList, screen.StepList, screen.PeerList:
		if m.state.Lookup(m.snap) == nil {
			return m.emptied("no lookups yet: L starts one")
		}
	case screen.HashList, screen.NodeList, screen.PacketList:
		return "enter opens the selected row"
	default:
		return "these are the full details"
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
	switch m.state.Focus() {
	case screen.HashList:
		m.openHash()
	case screen.StepList:
		m.state.Peers = true
		m.state.Select(m.snap, screen.PeerList, far)
	case screen.PeerList, screen.FieldList:
		m.state.Whole = true
	case screen.PacketList:
		m.state.TakeApart(m.state.SelectedPacket(m.snap))
	case screen.CellList:
		m.state.Lists[screen.PartList] = screen.Cursor{}
		m.openCell()
	default:
		m.state.Zoom = true
	}
	return nil
}

// lookupOf is the row of the newest lookup of a hash, or -1.
func (m *Model) lookupOf(hash [20]byte) int {
	for i := range m.snap.Lookups {
		if m.snap.Lookups[i].Target == hash {
			return i
		}
	}
	return -1
}

// freeze holds the picture still, or lets it go on at once.
func freeze(m *Model) tea.Cmd {
	now := time.Now()
	m.state.Frozen = !m.state.Frozen
	if m.state.Frozen {
		m.frozenAt, m.state.FrozenFor = now, 0
		return nil
	}
	m.refresh(now)
	return m.schedule(now)
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
			f.privacy = m.privacy()
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

// canFollow tells why there is nothing to follow.
func canFollow(m *Model) string {
	switch m.state.Focus() {
	case screen.NoList, screen.HelpList, screen.CellList, screen.PartList, screen.FieldList:
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
	cmds := []tea.Cmd{tea.ClearScreen, m.schedule(now)}
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
