package ui

import (
	"net/netip"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views"
	"dhtop/views/text"
)

// pinging is the series of pings that the user started. The zero value is none.
type pinging struct {
	id    dhtcore.ID
	addr  netip.AddrPort
	since time.Time
	sent  int  // pings in the series before
	once  bool // one ping, reported in a toast, as the detail is not open
}

func (p *pinging) running() bool { return !p.since.IsZero() }

// of reports whether the pings go to that node.
func (p *pinging) of(id dhtcore.ID, addr netip.AddrPort) bool { return p.id == id && p.addr == addr }

// manyPings is how often a node is pinged while its detail is open, unless the core stops earlier.
const manyPings = int(dhtcore.PingFor / dhtcore.PingEvery)

// canPing returns why there is no node to ping.
func canPing(m *Model) string {
	switch _, addr, listed := m.selection().node(); {
	case !listed:
		return "only nodes can be pinged: 3 shows them"
	case !addr.IsValid():
		return m.selection().empty()
	}
	return ""
}

// ping pings the selected node, repeatedly while its detail is open, or stops that.
func ping(m *Model) tea.Cmd {
	now := time.Now()
	id, addr, _ := m.selection().node()
	if m.pinging.of(id, addr) {
		m.stopPing()
		m.toast.say(now, "pinging stopped")
		return nil
	}
	times, once := manyPings, !views.DetailShown(&m.state, m.width)
	if once {
		times = 1
	}
	if err := m.core.startPing(addr, id, times); err != nil {
		m.fail(now, err)
		return nil
	}
	m.pinging = pinging{id: id, addr: addr, since: now, once: once}
	if p := m.snap.Pings; p != nil && p.ID == id && p.Addr == addr {
		m.pinging.sent = p.Sent
	}
	m.toast.say(now, "pinging %s", text.Prefix(id, 8))
	return nil
}

func (m *Model) stopPing() {
	m.core.stopPing()
	m.pinging = pinging{}
}

// leavePing stops the pings of a node whose detail is not open any more.
func (m *Model) leavePing() {
	if !m.pinging.running() || m.pinging.once {
		return
	}
	id, addr, _ := m.selection().node()
	if !m.pinging.of(id, addr) || !views.DetailShown(&m.state, m.width) {
		m.stopPing()
	}
}

// followPing reports the result of a single ping, and notices the end of a series.
func (m *Model) followPing(now time.Time) {
	ours := m.pinging
	m.leavePing()
	if ours.running() && !m.pinging.running() && !inTable(m.snap, ours.id) {
		m.toast.say(now, "%s has left the table", text.Prefix(ours.id, 8))
	}
	p := m.snap.Pings
	if !m.pinging.running() || p == nil || !m.pinging.of(p.ID, p.Addr) || !m.snap.At.After(m.pinging.since) {
		return
	}
	if m.pinging.once && p.Sent > m.pinging.sent {
		m.reportPing(now, p)
	}
	if !p.Running {
		m.pinging = pinging{}
	}
}

// reportPing shows the result of the last ping.
func (m *Model) reportPing(now time.Time, p *dhtcore.Pings) {
	name := text.Prefix(p.ID, 8)
	if p.Trouble != "" {
		m.toast.say(now, "%s: %s", name, p.Trouble)
	} else {
		m.toast.say(now, "%s answered in %s", name, human.Duration(p.RTTs[len(p.RTTs)-1]))
	}
	m.pinging = pinging{}
}

// inTable reports whether a routing table of ours has the node.
func inTable(s *dhtcore.Snapshot, id dhtcore.ID) bool {
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			if s.Nodes[i].Contacts[j].ID == id {
				return true
			}
		}
	}
	return false
}
