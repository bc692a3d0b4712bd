package testnet

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"sync"

	"dhtop/dhtcore/node"
)

// maxLate is how many packets that came late wait for a socket's reader, as a socket's buffer would hold few.
const maxLate = 256

// faultyConn is a socket of a member or a guest, with the faults of the network between it and the visitors. What a
// visitor sent and a fault held back waits in late for the next ReadBatch, which a packet of the socket to itself wakes.
type faultyConn struct {
	node.Conn
	network   *Network
	guest     bool // it is the socket of a guest, to which other guests are no visitors
	toVisitor dice
	toUs      dice

	mu   sync.Mutex
	late []node.Packet
}

// wake is what a socket sends to itself.
var wake = []byte("late")

// Expose returns conn, the socket of a guest, with the faults in force between it and the visitors that are no guests.
// Between the guests and the members they are in force by themselves.
func (n *Network) Expose(conn node.Conn) node.Conn { return n.faulty(conn, true) }

// faulty returns conn, the socket of a member or a guest, with the faults of the network.
func (n *Network) faulty(conn node.Conn, guest bool) *faultyConn {
	number := n.faults.dice.Add(2)
	return &faultyConn{Conn: conn, network: n, guest: guest,
		toVisitor: dice{rng: rand.New(rand.NewPCG(n.cfg.Seed, number))},
		toUs:      dice{rng: rand.New(rand.NewPCG(n.cfg.Seed, number+1))}}
}

// Drops returns how many packets the system has dropped at the socket, where the system counts them.
func (c *faultyConn) Drops() uint64 {
	if d, ok := c.Conn.(interface{ Drops() uint64 }); ok {
		return d.Drops()
	}
	return 0
}

// ReadBatch passes on those packets that no fault keeps from arriving now, and those that came late.
func (c *faultyConn) ReadBatch(ps []node.Packet) (int, error) {
	for {
		if n := c.takeLate(ps); n > 0 {
			return n, nil
		}
		n, err := c.Conn.ReadBatch(ps)
		if err != nil || len(c.network.faults.inForce()) == 0 && !c.isWoken(ps[:n]) {
			return n, err
		}
		kept := 0
		for i := range n {
			if !c.isWoken(ps[i:i+1]) && c.arrivesNow(&ps[i]) {
				ps[kept], ps[i] = ps[i], ps[kept]
				kept++
			}
		}
		if kept > 0 {
			return kept, nil
		}
	}
}

// isWoken reports whether one of ps is a packet of the socket to itself.
func (c *faultyConn) isWoken(ps []node.Packet) bool {
	for i := range ps {
		if len(ps[i].Buf) == len(wake) && bytes.Equal(ps[i].Buf, wake) && ps[i].Addr == c.LocalAddr() {
			return true
		}
	}
	return false
}

// takeLate fills ps with packets that came late, and returns how many.
func (c *faultyConn) takeLate(ps []node.Packet) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(ps), len(c.late))
	for i, p := range c.late[:n] {
		ps[i].Buf, ps[i].Addr = append(ps[i].Buf[:0], p.Buf...), p.Addr
	}
	if c.late = c.late[n:]; len(c.late) == 0 {
		c.late = nil
	}
	return n
}

// arrivesNow reports whether a packet that was read arrives as it is and now. One that does not may come late.
func (c *faultyConn) arrivesNow(p *node.Packet) bool {
	switch guest := c.network.isGuest(p.Addr); {
	case guest && c.guest, c.network.directory.at(p.Addr) != nil:
		return true
	case !guest:
		c.network.faults.visitors.spoke(p.Addr)
	}
	now := c.passes(p, Outbound, p.Addr, c.LocalAddr(), &c.toUs, c.comesLate)
	if now {
		c.network.faults.order.passed(flow{p.Addr, Outbound})
	}
	return now
}

// comesLate hands a packet to the reader.
func (c *faultyConn) comesLate(p node.Packet) {
	c.mu.Lock()
	full := len(c.late) >= maxLate
	if !full {
		c.late = append(c.late, p)
	}
	c.mu.Unlock()
	if full {
		c.network.faults.counts.dropped.Add(1)
		return
	}
	c.Conn.WriteBatch([]node.Packet{{Buf: wake, Addr: c.LocalAddr()}}) //nolint:errcheck // the next packet wakes it as well
}

// WriteBatch sends those packets now that no fault keeps from it, and others later. What the system says to those is
// lost, as it is on a real network.
func (c *faultyConn) WriteBatch(ps []node.Packet) (int, error) {
	if len(c.network.faults.inForce()) == 0 {
		return c.Conn.WriteBatch(ps)
	}
	for i := range ps {
		visitor := c.isVisitor(ps[i].Addr)
		if visitor && !c.passes(&ps[i], Inbound, c.LocalAddr(), ps[i].Addr, &c.toVisitor, c.leavesLate) {
			continue
		}
		if _, err := c.Conn.WriteBatch(ps[i : i+1]); err != nil {
			return i, err
		}
		if visitor {
			c.network.faults.order.passed(flow{ps[i].Addr, Inbound})
		}
	}
	return len(ps), nil
}

// isVisitor reports whether the one at addr is a visitor to the socket.
func (c *faultyConn) isVisitor(addr netip.AddrPort) bool {
	if c.network.isGuest(addr) {
		return !c.guest
	}
	return c.network.faults.visitors.isKnown(addr) && c.network.directory.at(addr) == nil
}

func (c *faultyConn) leavesLate(p node.Packet) {
	c.Conn.WriteBatch([]node.Packet{p}) //nolint:errcheck // nobody waits for it
}

// passes reports whether a packet between the socket and a visitor passes as it is and now. Otherwise send may get a
// copy, once or twice, now or later.
func (c *faultyConn) passes(p *node.Packet, d FaultDirection, from, to netip.AddrPort, dice *dice, send func(node.Packet)) bool {
	f := &c.network.faults
	rule := f.rule(d, f.visitors.method(p.Buf, from, to))
	if rule == nil {
		return true
	}
	fate := f.draw(rule, len(p.Buf), dice)
	if fate.isNone(len(p.Buf)) {
		return true
	}
	late := node.Packet{Buf: bytes.Clone(p.Buf[:fate.length]), Addr: p.Addr}
	f.carry(flow{p.Addr, d}, fate, func() { send(late) })
	return false
}
