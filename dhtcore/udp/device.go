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
	c := &deviceConn{device: device, batch: batch, index: device.Index(), ended: make(chan struct{})}
	conn, err := listen(device, addr, batch)
	if err != nil {
		return nil, err
	}
	c.conn, c.addr = conn, conn.LocalAddr()
	go c.watch()
	return c, nil
}

// reopenEvery is how often the interface is looked at.
const reopenEvery = time.Second

// deviceConn is a Conn on an interface. mu guards conn, dropped and index; watch ends with ended.
type deviceConn struct {
	device *netbind.Device
	addr   netip.AddrPort
	batch  int
	ended  chan struct{}
	once   sync.Once

	mu      sync.RWMutex
	conn    *udpConn
	index   int    // of the interface that conn is bound to
	dropped uint64 // by the sockets before
}

func (c *deviceConn) current() *udpConn {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.conn
}

// watch opens the socket anew when the interface is another one of the same name.
func (c *deviceConn) watch() {
	tick := time.NewTicker(reopenEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-tick.C:
		}
		if index := c.device.Index(); index != 0 && index != c.index {
			c.reopen(index)
		}
	}
}

func (c *deviceConn) reopen(index int) {
	conn, err := listen(c.device, c.addr, c.batch)
	if err != nil {
		return // the address may not be there yet
	}
	c.mu.Lock()
	old := c.conn
	c.dropped += old.Drops()
	c.conn, c.index = conn, index
	c.mu.Unlock()
	old.Close() //nolint:errcheck // nothing leaves by it any longer
	select {
	case <-c.ended: // Close has not seen the new one
		conn.Close() //nolint:errcheck // nothing was sent
	default:
	}
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

func (c *deviceConn) LocalAddr() netip.AddrPort { return c.addr }

// Drops is that of all sockets that there were.
func (c *deviceConn) Drops() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.dropped + c.conn.Drops()
}

func (c *deviceConn) Close() error {
	c.once.Do(func() { close(c.ended) })
	return c.current().Close()
}
