package snapshot

import (
	"net/netip"

	"dhtop/dhtcore/watch"
)

// The bounds of what a Snapshot carries of the watch list.
const (
	MaxWatchRows   = 1000
	MaxWatchAlerts = 200
)

// Watch is the watch list as it stands. It is immutable.
type Watch struct {
	Rows    []*watch.Row     // at most MaxWatchRows: those with alerts first, then as they were added; read-only
	Entries int              // on the list
	Alerts  []watch.Alert    // the newest first, at most MaxWatchAlerts; those that fire among them have no Cleared
	Firing  [watch.Kinds]int // how many alerts of each kind fire
	Fired   [watch.Kinds]int // how many have fired since the start
	Mine    netip.AddrPort   // the client of the user that is looked for; invalid for none; port 0 for any
	Rate    float64          // the budget of the lookups, in packets/s
	Trouble string           // why alerts could not be delivered, or the --watch file not be read; "" for nothing
}
