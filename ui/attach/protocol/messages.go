package protocol

import (
	"net/netip"
	"time"

	"github.com/fxamacker/cbor/v2"

	"dhtop/dhtcore"
)

// Hello is what either side says of itself first.
type Hello struct {
	Protocol int    `cbor:"protocol"`
	Dhtop    string `cbor:"dhtop"` // its version

	// Of the server.
	ReadOnly string `cbor:"read_only,omitempty"` // why it takes no commands; "" if it does
}

// Request is a message of the client.
type Request struct {
	ID   uint64          `cbor:"id,omitempty"` // of the Answer; 0 for none
	Op   string          `cbor:"op"`           // the Name of an Op
	Args cbor.RawMessage `cbor:"args,omitempty"`
}

// Message is a message of the server. One of its members is set.
type Message struct {
	Hello   *Hello   `cbor:"hello,omitempty"`
	Answer  *Answer  `cbor:"answer,omitempty"`
	Picture *Picture `cbor:"picture,omitempty"`
}

// Answer answers a Request.
type Answer struct {
	ID     uint64          `cbor:"id"`
	Error  string          `cbor:"error,omitempty"` // a sentence; "" for success
	Result cbor.RawMessage `cbor:"result,omitempty"`
}

// Picture is a Snapshot of the client's Viewer.
type Picture struct {
	Number uint64 `cbor:"n"`                // of this Picture, from 1
	Base   bool   `cbor:"base,omitempty"`   // whether the frames stand by themselves
	Shared []byte `cbor:"shared,omitempty"` // a frame of the Snapshot that all share; none if it is the one before
	Own    []byte `cbor:"own,omitempty"`    // a frame of Own; none if it is the one before

	First int64 `cbor:"first,omitempty"` // of the tape, in nanoseconds since 1970; 0 for no tape
	Last  int64 `cbor:"last,omitempty"`
}

// Own is what only one Viewer sees in its Snapshots.
type Own struct {
	Ranking  dhtcore.Ranking
	Detail   *dhtcore.Detail
	Trackers map[dhtcore.ID]dhtcore.TrackerView // nil for those that all see
	Swarms   *Swarms                            // nil for the ranking that all see
	Packets  dhtcore.Packets
	Pings    *dhtcore.Pings
	Places   map[netip.Addr]dhtcore.Place // besides those that all see; nil for none
}

// Swarms is a ranking of swarms. A filter goes by its text.
type Swarms struct {
	Filter  string
	Ranking dhtcore.SwarmRanking // without its Filter
}

// View is what the client looks at: see dhtcore.Viewer.
type View struct {
	Order        dhtcore.Order      `cbor:"order"`
	Swarms       dhtcore.SwarmOrder `cbor:"swarms"`
	SwarmFilter  string             `cbor:"swarm_filter,omitempty"`
	Hash         dhtcore.ID         `cbor:"hash"`
	Packets      bool               `cbor:"packets,omitempty"`
	PacketFilter string             `cbor:"packet_filter,omitempty"`
}

// Taken says which Picture the client has shown, and how often it wants one.
type Taken struct {
	Number uint64        `cbor:"n"`
	Every  time.Duration `cbor:"every"`
}

// AnnounceArgs, PingArgs and the like are what Ops take that take several values.
type (
	AnnounceArgs struct {
		Hash dhtcore.ID `cbor:"hash"`
		Port uint16     `cbor:"port"`
	}
	PingArgs struct {
		Addr  netip.AddrPort `cbor:"addr"`
		ID    dhtcore.ID     `cbor:"id"`
		Times int            `cbor:"times"`
	}
	TorrentArgs struct {
		Hashes   []dhtcore.ID `cbor:"hashes"`
		V2       []byte       `cbor:"v2,omitempty"` // 32 bytes, or none
		Info     []byte       `cbor:"info,omitempty"`
		Trackers []string     `cbor:"trackers,omitempty"`
	}
)

// Past is what Past answers: a Snapshot of the tape.
type PastAnswer struct {
	At    int64  `cbor:"at"`    // its time, in nanoseconds since 1970
	Frame []byte `cbor:"frame"` // of record, a base; none for an empty tape
}
