package simnet

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// inboxLen is how many packets wait at an address before more are dropped, as a socket buffer would.
const inboxLen = 1024

// draws is how many addresses are tried until one is free.
const draws = 100

// Memnet is an in-memory datagram network. Its sockets block on channels, so that it works, with every
// timer of its nodes, inside a testing/synctest bubble.
type Memnet struct {
	loss float64

	mu    sync.Mutex
	rng   *rand.Rand
	ports map[netip.AddrPort]*memConn
	cut   map[netip.AddrPort]error // the sockets without a network
}

// NewMemnet returns a network that loses the given share of packets, 0 to 1, by a seeded chance.
func NewMemnet(loss float64, seed uint64) *Memnet {
	return &Memnet{loss: loss, rng: testnet.NewRand(seed), ports: make(map[netip.AddrPort]*memConn),
		cut: make(map[netip.AddrPort]error)}
}

// Listen opens a socket at addr.
func (m *Memnet) Listen(addr netip.AddrPort) (node.Conn, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ports[addr] != nil {
		return nil, fmt.Errorf("%s is taken", addr)
	}
	c := &memConn{net: m, addr: addr, inbox: make(chan node.Packet, inboxLen), closed: make(chan struct{})}
	m.ports[addr] = c
	return c, nil
}

// ListenLoopback opens a socket at an address of 127/8 drawn from r. It is a testnet.Listen, as ListenIPv6 is.
func (m *Memnet) ListenLoopback(_ wire.ID, r *rand.Rand) (node.Conn, error) {
	return m.listenFree(r, func() netip.Addr { return testnet.LoopbackIP(r) })
}

// ListenIPv6 opens a socket at a port of ::1 drawn from r.
func (m *Memnet) ListenIPv6(_ wire.ID, r *rand.Rand) (node.Conn, error) {
	return m.listenFree(r, netip.IPv6Loopback)
}

// listenFree opens a socket at a free port of a drawn address.
func (m *Memnet) listenFree(r *rand.Rand, draw func() netip.Addr) (conn node.Conn, err error) {
	for range draws {
		if conn, err = m.Listen(netip.AddrPortFrom(draw(), uint16(1024+r.IntN(60000)))); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// Cut takes the network away from the socket at addr: no packet reaches it, and its own fail with err, or vanish if
// err is nil.
func (m *Memnet) Cut(addr netip.AddrPort, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cut[addr] = err
}

// Mend undoes Cut.
func (m *Memnet) Mend(addr netip.AddrPort) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.cut, addr)
}

// carry delivers a copy of p from one address to another, or loses it. It returns an error if it cannot be sent.
func (m *Memnet) carry(p node.Packet, from netip.AddrPort) error {
	m.mu.Lock()
	to, lost := m.ports[p.Addr], m.rng.Float64() < m.loss
	err, cutOff := m.cut[from]
	_, unreachable := m.cut[p.Addr]
	m.mu.Unlock()
	if to == nil || lost || cutOff || unreachable {
		return err
	}
	select {
	case to.inbox <- node.Packet{Buf: append([]byte(nil), p.Buf...), Addr: from}:
	default:
	}
	return nil
}

type memConn struct {
	net    *Memnet
	addr   netip.AddrPort
	inbox  chan node.Packet
	once   sync.Once
	closed chan struct{}
}

func (c *memConn) LocalAddr() netip.AddrPort { return c.addr }

func (c *memConn) ReadBatch(ps []node.Packet) (int, error) {
	select {
	case p := <-c.inbox:
		ps[0].Buf = append(ps[0].Buf[:0], p.Buf...)
		ps[0].Addr = p.Addr
		return 1, nil
	case <-c.closed:
		return 0, net.ErrClosed
	}
}

func (c *memConn) WriteBatch(ps []node.Packet) (int, error) {
	for i, p := range ps {
		if err := c.net.carry(p, c.addr); err != nil {
			return i, err
		}
	}
	return len(ps), nil
}

func (c *memConn) Close() error {
	c.once.Do(func() {
		close(c.closed)
		c.net.mu.Lock()
		delete(c.net.ports, c.addr)
		c.net.mu.Unlock()
	})
	return nil
}
