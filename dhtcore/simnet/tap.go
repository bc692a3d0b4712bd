package simnet

import (
	"math/rand/v2"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// tapped is a socket that tells of every packet which it hands to its node.
type tapped struct {
	node.Conn
	at   wire.Contact
	tell func(at wire.Contact, p node.Packet)
}

// tap returns a listen whose sockets tell of every packet.
func tap(listen testnet.Listen, tell func(at wire.Contact, p node.Packet)) testnet.Listen {
	return func(id wire.ID, r *rand.Rand) (node.Conn, error) {
		conn, err := listen(id, r)
		if err != nil {
			return nil, err
		}
		return &tapped{conn, wire.Contact{ID: id, Addr: conn.LocalAddr()}, tell}, nil
	}
}

// ReadBatch reads and tells.
func (t *tapped) ReadBatch(ps []node.Packet) (int, error) {
	count, err := t.Conn.ReadBatch(ps)
	for _, p := range ps[:count] {
		t.tell(t.at, p)
	}
	return count, err
}
