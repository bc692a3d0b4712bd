package ui

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// subscriptions are what the core records or ranks because the screen shows it.
type subscriptions struct {
	packets bool                  // record packets
	filter  *dhtcore.PacketFilter // of packets
	order   dhtcore.Order         // of the ranking
	swarms  dhtcore.SwarmQuery    // which swarms of our tracker
	hash    dhtcore.ID            // whose requests are recorded; zero for none
}

// subscribe tells the core what the screen shows now, if that has changed: packets while their pane is open or
// a filter looks out for some, the order of the ranking, and the hash whose detail may be open.
func (m *Model) subscribe() {
	want := subscriptions{filter: m.state.PacketFilter(), order: m.state.HashOrder()}
	want.packets = m.state.Pane == screen.PacketsPane || want.filter != nil
	if h := m.state.Hash(m.snap); h != nil && m.state.Pane == screen.HashesPane {
		want.hash = h.InfoHash
	}
	if m.state.Pane == screen.TrackerPane {
		want.swarms = m.state.SwarmQuery()
	}
	had := m.subscribed
	m.subscribed = want
	if want.packets != had.packets || want.filter != had.filter {
		m.may(m.core.WatchPackets(want.packets, want.filter))
	}
	if want.order != had.order {
		m.core.RankBy(want.order)
	}
	if want.swarms != had.swarms {
		m.core.RankSwarmsBy(want.swarms)
	}
	if want.hash != had.hash {
		m.may(m.core.WatchHash(want.hash))
	}
}

// may shows why the core does not what the screen asks for.
func (m *Model) may(err error) {
	if err != nil {
		m.fail(time.Now(), err)
	}
}
