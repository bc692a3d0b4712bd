package testnet

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// silentAfter is how long a node that joins lives until it falls silent: long enough to become known.
const silentAfter = time.Minute

// link is a node's way to the others: packets leave late, which gives the node an RTT, and those that the
// Conditions swallow get lost. It also speaks the dialect of the node's client, and lies for a liar.
type link struct {
	node.Conn
	network *Network
	id      wire.ID
	hostile bool    // a node of an incident, of which the conditions make nothing else
	client  *Client // nil for one like ours
	rtt     time.Duration
	lot     float64   // which decides on its role
	silent  time.Time // from when it may be silent

	mu  sync.Mutex // guards the rest
	rng *rand.Rand
	nat nat
}

func (n *Network) newLink(conn node.Conn, id wire.ID, rtt time.Duration) *link {
	l := &link{Conn: n.socket(conn), network: n, id: id, rtt: rtt, rng: NewRand(binary.LittleEndian.Uint64(id[:]))}
	ofRole, ofClient := lots(n.drawn)
	n.drawn++
	l.lot, l.client = ofRole, clientFor(n.cfg.Clients, ofClient)
	if n.running {
		l.silent = time.Now().Add(silentAfter)
	}
	return l
}

// role is what the conditions make of the node now.
func (l *link) role(c *Conditions) role {
	if l.hostile {
		return serving
	}
	r := c.role(l.lot)
	if r == silent && !l.silent.IsZero() && time.Now().Before(l.silent) {
		return serving
	}
	return r
}

// ReadBatch passes on those packets that the node should see.
func (l *link) ReadBatch(ps []node.Packet) (int, error) {
	for {
		n, err := l.Conn.ReadBatch(ps)
		if err != nil {
			return 0, err
		}
		kept := 0
		for i := range n {
			if l.arrives(&ps[i]) {
				ps[kept], ps[i] = ps[i], ps[kept]
				kept++
			}
		}
		if kept > 0 {
			return kept, nil
		}
	}
}

// arrives reports whether the node sees p, which it may see changed.
func (l *link) arrives(p *node.Packet) bool {
	c := l.network.conditions.Load()
	role := l.role(c)
	if role == silent || l.cut(c, p.Addr) || l.network.isGuest(p.Addr) && l.lost(c) {
		return false
	}
	if role == natted && !l.passesNAT(p.Addr) {
		return false
	}
	if role == lying {
		if lie := l.lie(p); lie != nil {
			l.WriteBatch([]node.Packet{{Buf: lie, Addr: p.Addr}}) //nolint:errcheck // a lie that gets lost
			return false
		}
	}
	answer, ok := l.client.hears(p)
	if answer != nil {
		l.WriteBatch([]node.Packet{{Buf: answer, Addr: p.Addr}}) //nolint:errcheck // a refusal that gets lost
	}
	return ok
}

// WriteBatch sends a copy of each packet once the RTT has passed. What the system says to it then is
// lost, as it is on a real network.
func (l *link) WriteBatch(ps []node.Packet) (int, error) {
	c := l.network.conditions.Load()
	role := l.role(c)
	if role == silent {
		return len(ps), nil
	}
	delay := l.rtt + c.Delay
	if delay == 0 && *c == (Conditions{}) && l.client == nil {
		if _, poisoned := l.poisoned(); !poisoned {
			return l.Conn.WriteBatch(ps)
		}
	}
	late := make([]node.Packet, 0, len(ps))
	for _, p := range ps {
		if role == natted {
			l.opensNAT(p.Addr)
		}
		if !l.lost(c) && !l.cut(c, p.Addr) {
			late = append(late, node.Packet{Buf: l.client.says(p.Buf, role), Addr: p.Addr})
		}
	}
	l.poison(late)
	if delay == 0 {
		l.Conn.WriteBatch(late) //nolint:errcheck // as below
	} else {
		time.AfterFunc(delay, func() { l.Conn.WriteBatch(late) }) //nolint:errcheck // nobody waits for it
	}
	return len(ps), nil
}

// lost reports whether a packet gets lost.
func (l *link) lost(c *Conditions) bool {
	if c.Loss == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rng.Float64() < c.Loss
}

// cut reports whether the partition is between the node and the one at addr.
func (l *link) cut(c *Conditions, addr netip.AddrPort) bool {
	return c.Partition > 0 && l.network.beyond(c, l.LocalAddr()) != l.network.beyond(c, addr)
}

// beyond reports whether the node at addr is one of those that are cut off.
func (n *Network) beyond(c *Conditions, addr netip.AddrPort) bool {
	if n.isGuest(addr) {
		return false
	}
	h := fnv.New32a()
	b, _ := addr.MarshalBinary() // which never fails
	h.Write(b)
	return float64(h.Sum32()) < c.Partition*(1<<32)
}
