package testnet

import (
	"time"

	"dhtop/dhtcore/node"
)

// delayed is a socket whose packets leave late, which gives its node an RTT.
type delayed struct {
	node.Conn
	rtt time.Duration
}

// WriteBatch sends a copy of each packet once the RTT has passed. What the system says to it then is
// lost, as it is on a real network.
func (d *delayed) WriteBatch(ps []node.Packet) (int, error) {
	if d.rtt == 0 {
		return d.Conn.WriteBatch(ps)
	}
	late := make([]node.Packet, len(ps))
	for i, p := range ps {
		late[i] = node.Packet{Buf: append([]byte(nil), p.Buf...), Addr: p.Addr}
	}
	time.AfterFunc(d.rtt, func() { d.Conn.WriteBatch(late) }) //nolint:errcheck // nobody waits for it
	return len(ps), nil
}
