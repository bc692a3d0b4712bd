package testnet

import (
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// tapped is a socket that tells of every packet which it hands to its node.
type tapped struct {
	node.Conn
	at   wire.Contact
	tell func(at wire.Contact, p node.Packet)
}

// ReadBatch reads and tells.
func (t *tapped) ReadBatch(ps []node.Packet) (int, error) {
	count, err := t.Conn.ReadBatch(ps)
	for _, p := range ps[:count] {
		t.tell(t.at, p)
	}
	return count, err
}
