package ui

import (
	"fmt"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/screen"
	"dhtop/views/text"
)

// canAnnounce returns why nothing can be announced.
func canAnnounce(m *Model) string {
	switch lk := m.selection().lookup(); {
	case lk == nil && m.state.Pane != screen.LookupsPane:
		return "announcing needs a lookup first: l starts one, 4 shows it"
	case lk == nil:
		return m.selection().because("no lookups yet: L starts one")
	case lk.Method != dhtcore.GetPeers:
		return "announcing needs a get_peers lookup"
	case !lk.Done:
		return "the lookup is still running: try again in a moment"
	}
	return ""
}

// askAnnounce asks for the port and announces to the closest nodes of the selected lookup. An announce makes
// this address public as a peer, so it never happens without an answer.
func askAnnounce(m *Model) tea.Cmd {
	hash := m.selection().lookup().Target
	const hint = "the port your client listens on, 1-65535; 0 for the UDP port of this node"
	m.ask("announce port", hint, "", func(m *Model, value string) (tea.Cmd, error) {
		port, err := strconv.ParseUint(value, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q is not a valid port: type 1-65535, or 0 for the port of this node", value)
		}
		m.announce(hash, uint16(port))
		return nil, nil
	})
	return nil
}

// announce announces. The next Snapshots say who stored it, in a new lookup if the tokens had expired.
func (m *Model) announce(hash dhtcore.ID, port uint16) {
	now := time.Now()
	for _, h := range m.swarms(hash) {
		if err := m.core.StartAnnounce(h, port); err != nil {
			m.fail(now, err)
			return
		}
	}
	m.started, m.announced = request{hash, now}, request{hash, now}
	where := "port " + strconv.Itoa(int(port))
	if port == 0 {
		where = "this node's port"
	}
	m.toast.say(now, "announcing %s for %s", where, text.Prefix(hash, 8))
}

// reportAnnounce reports how many nodes accepted the last announce of the user, once.
func (m *Model) reportAnnounce(now time.Time) {
	if !m.announced.pending() {
		return
	}
	hash, since := m.announced.target, m.announced.since
	for i := range m.snap.Lookups {
		lk := &m.snap.Lookups[i]
		if lk.Target != hash || lk.StoredAt.Before(since) {
			continue
		}
		m.announced = request{}
		accepted := 0
		for _, r := range lk.Stored {
			if r.Err == nil {
				accepted++
			}
		}
		say := m.toast.say
		if accepted == 0 {
			say = func(now time.Time, format string, args ...any) { m.toast.complain(now, fmt.Sprintf(format, args...)) }
		}
		say(now, "%s: %d of %s accepted the announce", text.Prefix(hash, 8), accepted, human.Amount(len(lk.Stored), "node", "nodes"))
		return
	}
	if now.Sub(since) > announceTimeout {
		m.announced = request{}
	}
}

// announceTimeout is how long the result of an announce is awaited: a lookup, then the announce itself.
const announceTimeout = 2 * time.Minute
