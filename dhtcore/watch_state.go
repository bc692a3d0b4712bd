package dhtcore

import (
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
