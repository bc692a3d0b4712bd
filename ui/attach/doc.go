// Package attach shows the node of another dhtop as if it ran here: Open returns a Client, whose Core the screen of package
// ui works on. ui/cli calls it for "dhtop attach"; the other end is the path /api/v1/attach of package ui/api, and what the
// two say to each other is package ui/attach/protocol.
//
// A Client connects by itself, and again when the connection is lost, with what the screen looks at set as it was. It
// keeps the last Snapshot meanwhile. The functions of its Core are for Bubble Tea's goroutine: none waits for the network
// but commands, for a fifth of a second at most. Client.mu guards what that goroutine and the connection share.
package attach
