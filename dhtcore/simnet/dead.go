package simnet

import (
	"context"
	"math/rand/v2"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// dead is a node that has left without a word: the others go on to name it, and it never answers. Its
// socket stays open, as the system would tell those who write to a closed one, which no network does.
type dead struct {
	wire.Contact
	conn node.Conn
}

// bury opens the socket of a dead node.
func bury(r *rand.Rand, listen testnet.Listen) (*dead, error) {
	id := testnet.DrawID(r)
	conn, err := listen(id, r)
	if err != nil {
		return nil, err
	}
	return &dead{wire.Contact{ID: id, Addr: conn.LocalAddr()}, conn}, nil
}

// run throws away what arrives, which Config.Tap may want to know of, until ctx ends.
func (d *dead) run(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() { d.conn.Close() })
	defer stop()
	in := []node.Packet{{Buf: make([]byte, deadPacket)}}
	for {
		if _, err := d.conn.ReadBatch(in); err != nil {
			return // what is not read is not answered either
		}
	}
}

// deadPacket is the room for one query; what is longer is cut off.
const deadPacket = 1024
