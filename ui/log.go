package ui

import (
	"io"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// openEvent opens what the selected line of the log is about: a lookup, a hash, a node, the crawl, or what is wrong.
func (m *Model) openEvent() {
	r := m.state.LogRow(m.snap)
	if r == nil {
		return
	}
	switch r.Kind {
	case dhtcore.Warning, dhtcore.Reachable:
		m.state.Doctor = true
	case dhtcore.CrawlStep:
		m.goTo(screen.CrawlPane, false)
	case dhtcore.NodeJoined, dhtcore.NodeLeft, dhtcore.Sampled:
		m.openNode(r.ID)
	case dhtcore.LookupStarted, dhtcore.Found, dhtcore.LookupDone:
		if i := screen.LookupOf(m.snap, r.Hash); i >= 0 {
			m.goTo(screen.LookupsPane, true)
			m.state.Select(m.snap, screen.LookupList, i)
			return
		}
		m.openHashOf(r.Hash)
	case dhtcore.ItemStored:
		m.toast.say(time.Now(), "an item that this node keeps for others: pane 9 counts them")
	case dhtcore.Alerted:
		m.openAlert(r.Hash)
	default:
		m.openHashOf(r.Hash)
	}
}

// goTo shows what was opened in another pane; esc goes back.
func (m *Model) goTo(p screen.Pane, zoom bool) {
	m.back.push(&m.state, zoom)
	m.state.Pane, m.state.Zoom, m.state.Peers, m.state.News, m.state.FullDetails = p, zoom, false, false, false
}

// openHashOf opens the detail of a hash.
func (m *Model) openHashOf(hash dhtcore.ID) {
	if !m.state.ShowHash(m.snap, hash) {
		m.toast.say(time.Now(), "it is not among the hashes listed in pane 2: l looks it up")
		return
	}
	m.goTo(screen.HashesPane, true)
}

// openNode opens the detail of a node of the routing table.
func (m *Model) openNode(id dhtcore.ID) {
	if !m.state.ShowNode(m.snap, id) {
		m.toast.say(time.Now(), "that node is not in the routing table now: p pings it")
		return
	}
	m.goTo(screen.TablePane, true)
}

// logContent is the events that the lines of the log tell of, those of a lookup one by one.
func logContent(st *screen.State, s *dhtcore.Snapshot, o report.Options) (exportContent, error) {
	events := st.LogEvents(s)
	what := human.Amount(len(events), "event", "events")
	return exportContent{what, "log", []report.Format{report.NDJSON}, func(w io.Writer, _ report.Format) error {
		return report.WriteEvents(w, events, o)
	}}, nil
}
