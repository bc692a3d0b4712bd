package testnet

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"

	"dhtop/dhtcore/node"
)

// inboxLen is how many packets wait at an address before more are dropped, as a socket buffer would.
const inboxLen = 1024

// Air is an in-memory datagram network. Its sockets block on channels, so that it works, with every
// timer of its nodes, inside a testing/synctest bubble.
type Air struct {
	loss float64

	mu    sync.Mutex
	rng   *rand.Rand
	ports map[netip.AddrPort]*airConn
}

// NewAir returns a network that loses the given share of packets, 0 to 1, by a seeded chance.
func NewAir(loss float64, seed uint64) *Air {
	return &Air{loss: loss, rng: newRand(seed), ports: make(map[netip.AddrPort]*airConn)}
}

// Listen opens a socket at addr.
func (a *Air) Listen(addr netip.AddrPort) (node.Conn, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ports[addr] != nil {
		return nil, fmt.Errorf("%s is taken", addr)
	}
	c := &airConn{air: a, addr: addr, inbox: make(chan node.Packet, inboxLen), closed: make(chan struct{})}
	a.ports[addr] = c
	return c, nil
}

// carry delivers a copy of p from one address to another, or loses it.
func (a *Air) carry(p node.Packet, from netip.AddrPort) {
	a.mu.Lock()
	to, lost := a.ports[p.Addr], a.rng.Float64() < a.loss
	a.mu.Unlock()
	if to == nil || lost {
		return
	}
	select {
	case to.inbox <- node.Packet{Buf: append([]byte(nil), p.Buf...), Addr: from}:
	default:
	}
}

type airConn struct {
	air    *Air
	addr   netip.AddrPort
	inbox  chan node.Packet
	once   sync.Once
	closed chan struct{}
}

func (c *airConn) LocalAddr() netip.AddrPort { return c.addr }

func (c *airConn) ReadBatch(ps []node.Packet) (int, error) {
	select {
	case p := <-c.inbox:
		ps[0].Buf = append(ps[0].Buf[:0], p.Buf...)
		ps[0].Addr = p.Addr
		return 1, nil
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

func (c *airConn) WriteBatch(ps []node.Packet) (int, error) {
	for _, p := range ps {
		c.air.carry(p, c.addr)
	}
	return len(ps), nil
}

func (c *airConn) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.air.mu.Lock()
		delete(c.air.ports, c.addr)
		c.air.mu.Unlock()
	})
	return nil
}
