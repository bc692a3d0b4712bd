package attach

import (
	"fmt"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/screen"
)

// Phase is how far a Client has come.
type Phase uint8

// The phases.
const (
	Connecting   Phase = iota // for the first time
	Connected                 // Pictures come
	Reconnecting              // the connection was lost; it tries again, and so it does in the next phase
	Refused                   // the node does not want it, or is none
	Closed
)

// State is what a Client knows of its connection.
type State struct {
	Phase    Phase
	Since    time.Time // of the phase
	Why      string    // a sentence: why it was refused, or the connection lost; "" while it is connected
	Version  string    // of the dhtop at the other end; "" while unknown
	ReadOnly string    // why the node takes no commands from here; "" if it does, or while unknown
	Unknown  []string  // what its Snapshots have and this dhtop does not show, such as "Snapshot.Weather"
}

// phases are those of the screen; it ends with the Client.
var phases = [...]screen.LinkPhase{
	Connecting: screen.LinkConnecting, Connected: screen.LinkConnected, Reconnecting: screen.LinkLost, Refused: screen.LinkRefused, Closed: screen.LinkLost,
}

// link is the state as the screen shows it. shown is whether a Snapshot has come.
func (s *State) link(name string, shown bool, now time.Time) screen.Link {
	l := screen.Link{Name: name, Phase: phases[s.Phase], For: now.Sub(s.Since).Truncate(time.Second), Shown: shown, Why: s.Why, ReadOnly: s.ReadOnly}
	if l.Phase == screen.LinkConnected {
		l.For = 0 // nobody asks, and it would change with every second
	}
	if n := len(s.Unknown); n > 0 {
		l.Lacks = fmt.Sprintf("dhtop %s there knows more than this one can show: %s; update this one", s.Version, human.Amount(n, "field", "fields"))
	}
	return l
}
