// Package protocol is what an attached screen (ui/attach) and the node that it shows (ui/api) say to each other.
//
// They talk over a WebSocket (RFC 6455) at Path, in CBOR (RFC 8949) with named members, so that a peer of another version
// takes what it knows. The client sends a message a Request, the first of them Greet. All that the server sends is one
// stream compressed by zstd (RFC 8878), of messages with their length before them: its Hello, an Answer to each Request
// that has an ID, and Pictures.
//
// A Picture is how a Snapshot differs from the one in the Picture before it, in the form of package record: what all
// Viewers share and what this one looks at are parts of their own, so that the first is made once for all. The server
// sends no more Pictures than the client has taken: one that is slow gets fewer of them, and the newest.
package protocol

import "time"

// Path is where the server takes WebSockets.
const Path = "/api/v1/attach"

// Version is that of the protocol. It grows when an older peer could no longer make sense of a newer one; members and
// requests are added without that.
const Version = 1

// Ahead is how many Pictures the server sends before the client has taken the first of them.
const Ahead = 2

// The bounds of the interval between two Pictures.
const (
	MinInterval = 100 * time.Millisecond
	MaxInterval = 5 * time.Second
)

// The bounds of messages, in bytes.
const (
	MaxRequest = 64 << 10 // from a client that may command nothing
	MaxCommand = 17 << 20 // from one that may: a torrent file of the largest size
	MaxMessage = 24 << 20 // from a server, unpacked; many times a Snapshot with 2,000 packets
)
