package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/netbind"
)

// ListenOn is Listen on a socket that keeps to a network interface, without one for a nil device. When the interface
// has gone and come back, as that of a VPN does, the socket is opened anew, on the same port: the old one is bound to what is
// no more.
func ListenOn(device *netbind.Device, addr netip.AddrPort, batch int) (Conn, error) {
	if device == nil {
		return Listen(addr, batch)
	}
	first, err := listen(device, addr, batch, alone)
	if err != nil {
		return nil, err
	}
	s := &deviceSockets{device: device, batch: batch, addr: first.LocalAddr(), index: device.Index(), ended: make(chan struct{}),
		socks: []*udpConn{first}, dropped: make([]uint64, 1)}
	go s.watch()
	return &deviceConn{s, 0}, nil
}

// reopenEvery is how often the interface is looked at.
const reopenEvery = time.Second

// deviceSockets are the sockets at one address of an interface. They are opened anew together, and closed together. mu guards
// the socks, dropped and index; watch ends with ended.
type deviceSockets struct {
	device *netbind.Device
	addr   netip.AddrPort
	batch  int
	ended  chan struct{}
	once   sync.Once

	mu      sync.RWMutex
	socks   []*udpConn
	index   int      // of the interface that they are bound to
	dropped []uint64 // by the sockets before
}

// watch opens the sockets anew when the interface is another one of the same name.
func (s *deviceSockets) watch() {
	tick := time.NewTicker(reopenEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.ended:
			return
		case <-tick.C:
		}
		if index := s.device.Index(); index != 0 && index != s.index {
			s.reopen(index)
		}
	}
}

func (s *deviceSockets) reopen(index int) {
	first, err := listen(s.device, s.addr, s.batch, alone)
	if err != nil {
		return // the address may not be there yet
	}
	s.mu.Lock()
	old := s.socks
	next := share(s.device, first, len(old))
	if len(next) < len(old) { // each has a reader
		s.mu.Unlock()
		closeAll(next)
		return
	}
	for i, c := range old {
		s.dropped[i] += c.Drops()
	}
	s.socks, s.index = next, index
	s.mu.Unlock()
	closeAll(old) // nothing leaves by them any longer
	select {
	case <-s.ended: // close has not seen the new ones
		closeAll(next)
	default:
	}
}

// share adds sockets until there are count, or as many as the system lets us have, and returns how many there are.
func (s *deviceSockets) share(count int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.socks) == 1 {
		s.socks = share(s.device, s.socks[0], count)
		s.dropped = append(s.dropped, make([]uint64, len(s.socks)-1)...)
	}
	return len(s.socks)
}

func (s *deviceSockets) close() {
	s.once.Do(func() { close(s.ended) })
	s.mu.RLock()
	defer s.mu.RUnlock()
	closeAll(s.socks)
}

// deviceConn is a Conn on an interface: one of the sockets.
type deviceConn struct {
	sockets *deviceSockets
	i       int
}

func (c *deviceConn) current() *udpConn {
	c.sockets.mu.RLock()
	defer c.sockets.mu.RUnlock()
	return c.sockets.socks[c.i]
}

func (c *deviceConn) ReadBatch(ps []Packet) (int, error) {
	for {
		conn := c.current()
		n, err := conn.ReadBatch(ps)
		if errors.Is(err, net.ErrClosed) && conn != c.current() {
			continue
		}
		return n, err
	}
}

func (c *deviceConn) WriteBatch(ps []Packet) (int, error) { return c.current().WriteBatch(ps) }

func (c *deviceConn) LocalAddr() netip.AddrPort { return c.sockets.addr }

// Drops is that of this socket and of those that were there before it.
func (c *deviceConn) Drops() uint64 {
	c.sockets.mu.RLock()
	defer c.sockets.mu.RUnlock()
	return c.sockets.dropped[c.i] + c.sockets.socks[c.i].Drops()
}

// Close closes this socket and all that share its port.
func (c *deviceConn) Close() error {
	c.sockets.close()
	return nil
}
