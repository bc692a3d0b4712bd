package testnet

import (
	"bytes"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Client is a kind of program that takes part in the DHT, with its habits.
type Client struct {
	Version string        // the "v" of its messages; "" for none
	PeerID  string        // the start of its peer IDs; "" for those of ours
	Share   float64       // of the nodes
	Samples handling      // of sample_infohashes (BEP 51)
	Items   handling      // of get and put (BEP 44)
	Shy     bool          // behind NAT it says so (BEP 43)
	K       int           // closest nodes that its lookups want
	Alpha   int           // queries that its lookups have in flight
	Refresh time.Duration // until it looks for nodes around itself again
	Repeats int           // times that it asks for the same torrent again soon after
}

// handling is what a client does with queries of an extension.
type handling uint8

const (
	answers handling = iota
	refuses          // with a KRPC error, as BEP 5 wants
	evades           // with nodes alone, as it does with every method that it does not know
	ignores
)

// Mainline are the kinds of clients that make up Mainline, about as often as others have counted them there. Their
// lookups are thriftier than the real ones, so that many of them fit into one process.
var Mainline = []Client{
	{Version: "LT\x02\x0b", PeerID: "-qB5010-", Share: 0.22, K: 4, Alpha: 4, Refresh: 2 * time.Minute}, // qBittorrent, Deluge
	{Version: "LT\x02\x0a", PeerID: "-DE211s-", Share: 0.10, K: 4, Alpha: 4, Refresh: 2 * time.Minute},
	{Version: "LT\x01\x2f", PeerID: "-LT12F0-", Share: 0.10, K: 4, Alpha: 4, Refresh: 2 * time.Minute},
	{Version: "UT\xb8\x01", PeerID: "-UT355W-", Share: 0.14, Samples: refuses, K: 3, Alpha: 3, Refresh: 10 * time.Minute},
	{Version: "UT\xa8\xb3", PeerID: "-UT3560-", Share: 0.08, Samples: refuses, K: 3, Alpha: 3, Refresh: 10 * time.Minute},
	{Version: "", PeerID: "-XX1000-", Share: 0.10, Samples: ignores, Items: ignores, K: 3, Alpha: 2, Refresh: 10 * time.Minute},
	{Version: "TR\x04\x00", PeerID: "-TR4050-", Share: 0.08, Samples: refuses, Items: refuses, Shy: true, K: 3, Alpha: 3, Refresh: 5 * time.Minute},
	{Version: "", PeerID: "-GT0003-", Share: 0.06, Shy: true, K: 3, Alpha: 3, Refresh: 5 * time.Minute}, // anacrolix sends no version
	{Version: "BC\x02\x0d", PeerID: "-BC0213-", Share: 0.04, Samples: ignores, Items: evades, K: 3, Alpha: 4, Refresh: 5 * time.Minute, Repeats: 2},
	{Version: "lt\x0d\x80", PeerID: "-lt0D80-", Share: 0.03, Samples: evades, Items: evades, K: 3, Alpha: 2, Refresh: 15 * time.Minute},
	{Version: "A2\x00\x03", PeerID: "A2-1-37-0-", Share: 0.02, Samples: refuses, Items: refuses, K: 3, Alpha: 3, Refresh: 15 * time.Minute},
	{Version: "JC\x00\x00", PeerID: "-TR3000-", Share: 0.02, Samples: refuses, Items: refuses, Shy: true, K: 3, Alpha: 3, Refresh: 5 * time.Minute},
	{Version: "WW\x01\x09", PeerID: "-WW0109-", Share: 0.01, Samples: evades, K: 4, Alpha: 4, Refresh: 15 * time.Minute},
}

// clientFor returns the kind of the node that drew lot, from 0 to 1; nil where there are no kinds.
func clientFor(kinds []Client, lot float64) *Client {
	for i := range kinds {
		if lot -= kinds[i].Share; lot < 0 {
			return &kinds[i]
		}
	}
	if len(kinds) == 0 {
		return nil
	}
	return &kinds[0]
}

// The end of every message of our own nodes.
const (
	ourVersion = "1:v4:" + wire.Version
	lastKey    = len("1:y1:qe")
	ourTID     = "1:t2:" // and two bytes
)

// says returns a copy of a message of a node of this kind: with the kind's version and, where it is shy and behind
// NAT, with "ro" in its queries.
func (c *Client) says(b []byte, role role) []byte {
	at := len(b) - lastKey
	if c == nil || !bytes.HasSuffix(b[:max(at, 0)], []byte(ourVersion)) {
		return bytes.Clone(b)
	}
	head, end := b[:at-len(ourVersion)], b[at:]
	tid := len(head) - len(ourTID) - 2
	out := make([]byte, 0, len(b)+8)
	if end[lastKey-2] == 'q' && c.Shy && role == natted && bytes.HasPrefix(head[max(tid, 0):], []byte(ourTID)) {
		out = append(append(out, head[:tid]...), "2:roi1e"...)
		head = head[tid:]
	}
	out = append(out, head...)
	if c.Version != "" {
		out = append(append(out, "1:v4:"...), c.Version...)
	}
	return append(out, end...)
}

// The methods of extensions, as they stand in a query.
var (
	sampleMethod = []byte("1:q17:sample_infohashes")
	getMethod    = []byte("1:q3:get")
	putMethod    = []byte("1:q3:put")
)

// hears handles a query in its node's stead if a client of this kind does not know the extension. It reports whether
// the node sees the packet, and returns the answer if there is one.
func (c *Client) hears(p *node.Packet) (answer []byte, seen bool) {
	if c == nil || c.Samples == answers && c.Items == answers {
		return nil, true
	}
	how, method := c.Samples, bytes.Index(p.Buf, sampleMethod)
	if method < 0 {
		how = c.Items
		if method = bytes.Index(p.Buf, getMethod); method < 0 {
			method = bytes.Index(p.Buf, putMethod)
		}
	}
	if method < 0 || how == answers {
		return nil, true
	}
	switch how {
	case evades:
		name := method + len("1:q") + bytes.IndexByte(p.Buf[method+len("1:q"):], ':') + 1
		p.Buf[name] = '?' // the node answers a method that it does not know with nodes
		return nil, true
	case refuses:
		var m wire.Message
		if wire.Scan(p.Buf, &m) == nil && m.Kind == wire.KindQuery {
			return wire.AppendError(nil, m.TID, p.Addr, wire.CodeMethodUnknown, "Method Unknown"), false
		}
	}
	return nil, false
}
