package watch

import "time"

// Port is whether others reach our own node.
type Port uint8

// What is known of the port.
const (
	PortUnknown Port = iota
	PortOpen
	PortClosed
)

// NodeState is how our own node is at a moment.
type NodeState struct {
	Online bool // somebody replies to it
	Port   Port
	Since  time.Time // the port is closed for so long; zero for now
}

// How long something must last.
const (
	goneFor   = 2 * time.Minute  // without a network, until that is told
	backFor   = time.Minute      // with one, until it is told that it is back
	closedFor = 10 * time.Minute // since NodeState.Since
	openFor   = time.Minute
)

// nodeWatch is what is known of our own node.
type nodeWatch struct {
	seen    bool
	state   NodeState
	since   time.Time // when it came online or went offline
	port    time.Time // when Port became what it is
	wasOpen bool
	gone    *Alert
	closed  *Alert
}

// muted reports whether lookups say nothing, as the network is away.
func (n *nodeWatch) muted() bool {
	return n.seen && (!n.state.Online || n.gone != nil)
}

// SetNode takes in how our own node is, every few seconds, and returns the alerts that fired and those that cleared by it.
func (l *List) SetNode(state NodeState, now time.Time) (alerts []Alert) {
	n := &l.node
	if !n.seen || n.state.Online != state.Online {
		n.since = now
		if n.seen && !state.Online {
			for _, s := range l.order {
				s.forget()
			}
		} else if n.seen {
			l.resume(now)
		}
	}
	if !n.seen || n.state.Port != state.Port || !state.Online {
		n.port = now
		if state.Online && !state.Since.IsZero() {
			n.port = state.Since
		}
	}
	n.seen, n.state = true, state
	n.wasOpen = n.wasOpen || state.Port == PortOpen && now.Sub(n.port) >= openFor
	lasted := now.Sub(n.since)
	switch {
	case n.gone == nil && !state.Online && lasted >= goneFor:
		n.gone = l.fire(Alert{Kind: NetworkGone, Since: n.since, Fired: now, Text: "The network is gone: nobody replies to this node."})
		alerts = append(alerts, *n.gone)
	case n.gone != nil && state.Online && lasted >= backFor:
		alerts = append(alerts, l.clear(n.gone, now))
		n.gone = nil
	}
	if !state.Online {
		return alerts
	}
	lasted = now.Sub(n.port)
	switch {
	case n.closed == nil && n.wasOpen && state.Port == PortClosed && lasted >= closedFor:
		n.closed = l.fire(Alert{Kind: NodeUnreachable, Since: n.port, Fired: now, Text: "This node became unreachable: nobody queries its port any more."})
		alerts = append(alerts, *n.closed)
	case n.closed != nil && state.Port == PortOpen && lasted >= openFor:
		alerts = append(alerts, l.clear(n.closed, now))
		n.closed = nil
	}
	return alerts
}
