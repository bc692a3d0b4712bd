// Package udp has the datagram socket of dhtcore/node and dhtcore/tracker, which reads and writes many packets with one
// system call where the system can.
package udp

import (
	"context"
	"net"
	"net/netip"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// Packet is one datagram: its payload and the address at the other end.
type Packet struct {
	Buf  []byte
	Addr netip.AddrPort
}

// Conn carries datagrams in batches. It has two implementations: UDP sockets (Listen) and the
// in-memory network of dhtcore/simnet.
type Conn interface {
	// ReadBatch waits for at least one packet and returns how many elements of ps it filled. Each
	// Buf is overwritten up to its capacity and resliced to the payload. After Close it returns
	// net.ErrClosed.
	ReadBatch(ps []Packet) (int, error)
	// WriteBatch sends ps in order and returns how many went out before the error. It may be called
	// by several goroutines at once.
	WriteBatch(ps []Packet) (int, error)
	LocalAddr() netip.AddrPort
	Close() error
}

// Socket buffers. The default of 208 KiB overflows in a burst of parallel lookups (mainline#38).
const socketBuffer = 4 << 20

// Listen opens a UDP socket on addr, for the family of addr only, that reads and writes up to batch packets with one
// system call. A batch of one keeps the system's default buffers, which suits the many small nodes of a test network.
// A port that another program has is an error, even one of the same user that shares it (SO_REUSEPORT).
func Listen(addr netip.AddrPort, batch int) (Conn, error) {
	c, err := listen(nil, addr, batch, alone)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// listen opens the socket of Listen, on a network interface if there is one.
func listen(device *netbind.Device, addr netip.AddrPort, batch int, p portUse) (*udpConn, error) {
	network := "udp4"
	if wire.FamilyOf(addr.Addr()) == wire.IPv6 {
		network = "udp6"
	}
	config := device.ListenConfig()
	if p == shared {
		config.Control = sharing(config.Control)
	}
	opened, err := config.ListenPacket(context.Background(), network, addr.String())
	if err != nil {
		return nil, err
	}
	sock := opened.(*net.UDPConn)
	c := &udpConn{UDPConn: sock}
	if batch > 1 {
		sock.SetReadBuffer(socketBuffer)  //nolint:errcheck // the system may grant less
		sock.SetWriteBuffer(socketBuffer) //nolint:errcheck // the system may grant less
		if c.batch, err = newBatch(sock, batch); err != nil {
			sock.Close() //nolint:errcheck // newBatch failed, which is the error to report
			return nil, err
		}
	}
	return c, nil
}

// udpConn is a UDP socket; batch is nil when each call carries one packet.
type udpConn struct {
	*net.UDPConn
	batch *batch
}

func (c *udpConn) LocalAddr() netip.AddrPort {
	return c.UDPConn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Drops returns how many packets the system has dropped because the socket's buffer was full, where the system
// counts them.
func (c *udpConn) Drops() uint64 {
	if c.batch == nil {
		return 0
	}
	return c.batch.drops()
}

// Close closes the socket and ends a ReadBatch that waits.
func (c *udpConn) Close() error {
	if c.batch != nil {
		c.batch.close()
	}
	return c.UDPConn.Close()
}

func (c *udpConn) ReadBatch(ps []Packet) (int, error) {
	if c.batch != nil {
		return c.batch.read(ps)
	}
	p := &ps[0]
	n, addr, err := c.ReadFromUDPAddrPort(p.Buf[:cap(p.Buf)])
	if err != nil {
		return 0, err
	}
	p.Buf, p.Addr = p.Buf[:n], netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	return 1, nil
}

func (c *udpConn) WriteBatch(ps []Packet) (int, error) {
	if c.batch != nil && len(ps) > 1 {
		return c.batch.write(ps)
	}
	for i := range ps {
		if _, err := c.WriteToUDPAddrPort(ps[i].Buf, ps[i].Addr); err != nil {
			return i, err
		}
	}
	return len(ps), nil
}
