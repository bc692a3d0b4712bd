package watch

import (
	"errors"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// Kind is what an alert is about.
type Kind uint8

// The kinds of alerts. Those from NodeUnreachable on are about our own node, and have no target.
const (
	FewSeeds        Kind = iota // fewer seeds than Entry.MinSeeds
	FirstPeer                   // somebody, after a long silence
	LastSeed                    // the last seed is gone
	MineGone                    // our own client was there and is no longer
	Disagree                    // the DHT and the trackers differ by a factor
	Demand                      // many more leechers than before
	RecordChanged               // a new version of an item
	RecordFading                // an item is lost by most of its holders
	NodeUnreachable             // nobody reaches our port any more
	NetworkGone                 // nobody replies to us
	Kinds                       // how many there are
)

// String returns the name of the kind in snake case, for JSON, metrics and commands.
func (k Kind) String() string { return kinds[k%Kinds] }

var kinds = [Kinds]string{"few_seeds", "first_peer", "last_seed", "mine_gone", "disagree", "demand", "record_changed", "record_fading",
	"node_unreachable", "network_gone"}

// ErrKind is the error of what is no name of a kind.
var ErrKind = errors.New("no such kind of alert")

// MarshalText implements encoding.TextMarshaler.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (k *Kind) UnmarshalText(text []byte) error {
	i := slices.Index(kinds[:], string(text))
	if i < 0 {
		return ErrKind
	}
	*k = Kind(i)
	return nil
}

// OfNode reports whether alerts of the kind are about our own node.
func (k Kind) OfNode() bool { return k >= NodeUnreachable }

// Alert is something that was told. It fires once, and clears by itself.
type Alert struct {
	Seq     uint64 // counts up from 1 over the life of the list
	Kind    Kind
	Target  wire.ID   // of the entry; zero for our own node
	Name    string    // of the entry: Entry.Name
	Since   time.Time // of the first sign of it
	Fired   time.Time
	Cleared time.Time // zero while it fires
	Text    string    // a sentence, printable
}

// Firing reports whether the alert has not cleared.
func (a *Alert) Firing() bool { return a.Cleared.IsZero() }

// MaxAlerts is how many alerts are kept: the oldest that have cleared are dropped first.
const MaxAlerts = 1000
