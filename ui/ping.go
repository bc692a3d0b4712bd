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
		m.pinging.stop(&m.core)
		m.toast.say(now, "pinging stopped")
		return nil
	}
	times, once := manyPings, !views.DetailShown(&m.state, m.width)
	if once {
		times = 1
	}
	if err := m.core.StartPing(addr, id, times); err != nil {
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

// stop ends the series.
func (p *pinging) stop(c *Core) {
	c.StopPing()
	*p = pinging{}
}

// leave stops the pings of a node whose detail is not open any more.
func (p *pinging) leave(m *Model) {
	if !p.running() || p.once {
		return
	}
	id, addr, _ := m.selection().node()
	if !p.of(id, addr) || !views.DetailShown(&m.state, m.width) {
		p.stop(&m.core)
	}
}

// follow reports the result of a single ping, and notices the end of a series.
func (p *pinging) follow(m *Model, now time.Time) {
	ours := *p
	p.leave(m)
	if ours.running() && !p.running() && !inTable(m.snap, ours.id) {
		m.toast.say(now, "%s has left the table", text.Prefix(ours.id, 8))
	}
	seen := m.snap.Pings
	if !p.running() || seen == nil || !p.of(seen.ID, seen.Addr) || !m.snap.At.After(p.since) {
		return
	}
	ended := !seen.Running
	if p.once && seen.Sent > p.sent {
		m.toast.say(now, "%s", lastPing(seen))
		ended = true
	}
	if ended {
		*p = pinging{}
	}
}

// lastPing puts the result of the last ping into words.
func lastPing(p *dhtcore.Pings) string {
	name := text.Prefix(p.ID, 8)
	if p.Trouble != "" {
		return name + ": " + p.Trouble
	}
	return name + " answered in " + human.Duration(p.RTTs[len(p.RTTs)-1])
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
