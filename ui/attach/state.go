package attach

import (
	"fmt"
	"time"

	"dhtop/dhtcore/human"
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

// Status is a few words for the status line; "" while all is well.
func (s *State) Status(now time.Time) string {
	since := human.Duration(now.Sub(s.Since).Truncate(time.Second))
	switch s.Phase {
	case Connecting:
		return "connecting"
	case Reconnecting:
		return "reconnecting for " + since
	case Refused:
		return "refused: " + s.Why
	case Closed:
		return "detached"
	}
	if len(s.Unknown) > 0 {
		return fmt.Sprintf("dhtop %s there knows more than this one shows: %s", s.Version, human.Amount(len(s.Unknown), "field", "fields"))
	}
	return ""
}
