package dhtcore

import (
	"net/netip"

	"dhtop/dhtcore/watch"
)

// The types of the watch list under the names that the screens use.
type (
	WatchEntry       = watch.Entry
	WatchItem        = watch.Item
	WatchRow         = watch.Row
	WatchState       = watch.State
	WatchObservation = watch.Observation
	WatchTrend       = watch.Trend
	Alert            = watch.Alert
	AlertKind        = watch.Kind
)

// The states of an entry of the watch list.
const (
	WatchWaiting  = watch.Waiting
	WatchAlive    = watch.Alive
	WatchSeedless = watch.Seedless
	WatchSilent   = watch.Silent
	WatchFading   = watch.Fading
)

// The kinds of alerts.
const (
	FewSeeds        = watch.FewSeeds
	FirstPeer       = watch.FirstPeer
	LastSeed        = watch.LastSeed
	MineGone        = watch.MineGone
	Disagree        = watch.Disagree
	DemandJump      = watch.Demand
	RecordChanged   = watch.RecordChanged
	RecordFading    = watch.RecordFading
	NodeUnreachable = watch.NodeUnreachable
	NetworkGone     = watch.NetworkGone
	AlertKinds      = int(watch.Kinds)
)

// FormatItemKey writes the public key of a mutable item in z-base-32, as after pk:.
func FormatItemKey(key [32]byte) string { return watch.FormatKey(key) }

// The bounds of what a Snapshot carries of the watch list.
const (
	MaxWatchRows   = 1000
	MaxWatchAlerts = 200
)

// Watch is the watch list as it stands. It is immutable.
type Watch struct {
	Rows    []*WatchRow     // at most MaxWatchRows: those with alerts first, then as they were added; read-only
	Entries int             // on the list
	Alerts  []Alert         // the newest first, at most MaxWatchAlerts; those that fire among them have no Cleared
	Firing  [AlertKinds]int // how many alerts of each kind fire
	Fired   [AlertKinds]int // how many have fired since the start
	Mine    netip.AddrPort  // the client of the user that is looked for; invalid for none; port 0 for any
	Rate    float64         // the budget of the lookups, in packets/s
	Trouble string          // why alerts could not be delivered, or the --watch file not be read; "" for nothing
}
