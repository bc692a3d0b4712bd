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

// pinging is the series of pings that the user started; the zero value is none.
type pinging struct {
	id    dhtcore.ID
	addr  netip.AddrPort
	since time.Time
	sent  int  // in the series before
	once  bool // for a toast, as the detail is not open
}

// manyPings is how often a node is pinged while its detail is open, unless the core ends it before.
const manyPings = int(dhtcore.PingFor / dhtcore.PingEvery)

// pingTarget is the node that is selected in the table or among those that a lookup asked.
func (m *Model) pingTarget() (id dhtcore.ID, addr netip.AddrPort, listed bool) {
	if c := m.focus(); c.Node != nil {
		id, addr = c.Node(&m.state, m.snap)
		return id, addr, true
	}
	return id, addr, false
}

// canPing tells why there is no node to ping.
func canPing(m *Model) string {
	switch _, addr, listed := m.pingTarget(); {
	case !listed:
		return "only nodes can be pinged: 3 shows them"
	case !addr.IsValid():
		return m.empty()
	}
	return ""
}

// ping pings the selected node, again and again while its detail is open, or ends that.
func ping(m *Model) tea.Cmd {
	now := time.Now()
	id, addr, _ := m.pingTarget()
	if m.pinging.id == id && m.pinging.addr == addr {
		m.stopPing()
		m.say(now, "pinging stopped")
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
	m.say(now, "pinging %s", text.Prefix(id, 8))
	return nil
}

func (m *Model) stopPing() {
	m.core.stopPing()
	m.pinging = pinging{}
}

// leavePing ends the pings of a node whose detail is not looked at any more.
func (m *Model) leavePing() {
	if m.pinging.since.IsZero() || m.pinging.once {
		return
	}
	id, addr, _ := m.pingTarget()
	if id != m.pinging.id || addr != m.pinging.addr || !views.DetailShown(&m.state, m.width) {
		m.stopPing()
	}
}

// seekPing tells what came of a single ping, and notices when a series has ended.
func (m *Model) seekPing(now time.Time) {
	ours := m.pinging
	m.leavePing()
	if !ours.since.IsZero() && m.pinging.since.IsZero() && !m.listed(ours.id) {
		m.say(now, "%s has left the table", text.Prefix(ours.id, 8))
	}
	p := m.snap.Pings
	if m.pinging.since.IsZero() || p == nil || p.ID != m.pinging.id || p.Addr != m.pinging.addr || !m.snap.At.After(m.pinging.since) {
		return
	}
	if m.pinging.once && p.Sent > m.pinging.sent {
		m.tellPing(now, p)
	}
	if !p.Running {
		m.pinging = pinging{}
	}
}

// tellPing tells what came of the last ping.
func (m *Model) tellPing(now time.Time, p *dhtcore.Pings) {
	name := text.Prefix(p.ID, 8)
	if p.Trouble != "" {
		m.say(now, "%s: %s", name, p.Trouble)
	} else {
		m.say(now, "%s answered in %s", name, human.Duration(p.RTTs[len(p.RTTs)-1]))
	}
	m.pinging = pinging{}
}

// listed tells whether a routing table of ours has the node.
func (m *Model) listed(id dhtcore.ID) bool {
	for i := range m.snap.Nodes {
		for j := range m.snap.Nodes[i].Contacts {
			if m.snap.Nodes[i].Contacts[j].ID == id {
				return true
			}
		}
	}
	return false
}
