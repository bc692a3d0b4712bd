package screen

import (
	"strconv"
	"strings"
	"time"
)

// Link is how the connection to a node fares that runs in another process.
type Link struct {
	Name  string // what the node is called, such as "serve, pid 1234" or "http://10.0.0.1:6880"
	Phase LinkPhase
	For   time.Duration // in the phase, in whole seconds
	Shown bool          // a picture of the node has come
	Why   string        // why there is no connection, a sentence; "" while there is one

	ReadOnly string // why the node takes no commands from here, a sentence; "" if it does
	Lacks    string // what the node shows and this dhtop cannot, a sentence; "" for nothing
}

// LinkPhase is how far a connection is.
type LinkPhase uint8

// The phases.
const (
	LinkConnecting LinkPhase = iota // for the first time
	LinkConnected
	LinkLost    // it is tried again, as in the next phase
	LinkRefused // the node does not want it, or is none
)

// Target is one of several nodes that are shown, each with a State of its own.
type Target struct {
	Name    string
	Phase   LinkPhase
	Current bool
}

const targetAction = "target "

// TargetAction is the name of the action that shows target n, from 0.
func TargetAction(n int) string { return targetAction + strconv.Itoa(n+1) }

// TargetOf is the target of a TargetAction; ok is false for any other action.
func TargetOf(action string) (n int, ok bool) {
	number, ok := strings.CutPrefix(action, targetAction)
	n, err := strconv.Atoi(number)
	return n - 1, ok && err == nil
}
