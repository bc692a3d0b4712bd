package snapshot

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// Pings is a series of pings of one node and their outcomes. It is immutable.
type Pings struct {
	ID       wire.ID
	Addr     netip.AddrPort
	Running  bool
	Sent     int // those whose outcome is known
	Answered int
	RTTs     []time.Duration // of the last PingsKept, oldest first; 0 where no answer came
	Trouble  string          // what was wrong with the last one, printable; "" when it was answered
}

// PingsKept is how many outcomes of a series there are in Pings.RTTs.
const PingsKept = 60
