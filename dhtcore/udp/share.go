package udp

import (
	"syscall"

	"dhtop/dhtcore/netbind"
)

// portUse is whether a socket may have its port together with others of this process.
type portUse bool

const (
	alone  portUse = false
	shared portUse = true
)

// Share opens more sockets at the address of c until there are count, and returns all of them, c first. Each has a reader and
// buffers of its own; all of them have to be read, and closed. The system spreads what arrives over them by the addresses at
// both ends, so that a reply to what one has sent may arrive at any.
//
// There is c alone where the system does not do that (all but Linux), or if c does not come from Listen or ListenOn with a
// batch above 1. What c has received before it shares its port stays with it.
func Share(c Conn, count int) []Conn {
	switch c := c.(type) {
	case *udpConn:
		var all []Conn
		for _, sock := range share(nil, c, count) {
			all = append(all, sock)
		}
		return all
	case *deviceConn:
		all := []Conn{c}
		for i := 1; i < c.sockets.share(count); i++ {
			all = append(all, &deviceConn{c.sockets, i})
		}
		return all
	}
	return []Conn{c}
}

// share is Share on a network interface. The first socket was bound alone, which fails where another program has the port, and
// says only now that it shares it: what is opened after it need not ask.
func share(device *netbind.Device, first *udpConn, count int) []*udpConn {
	socks := []*udpConn{first}
	if !spreads || first.batch == nil || count < 2 {
		return socks
	}
	raw, err := first.SyscallConn()
	if err != nil || reusePort(raw, true) != nil {
		return socks
	}
	for len(socks) < count {
		next, err := listen(device, first.LocalAddr(), first.batch.size(), shared)
		if err != nil {
			break
		}
		socks = append(socks, next)
	}
	if len(socks) == 1 {
		reusePort(raw, false) //nolint:errcheck // it shares the port with nobody, then
	}
	return socks
}

// control is what a socket is told before it is bound: net.ListenConfig.Control.
type control func(network, address string, c syscall.RawConn) error

// sharing returns a control that makes a socket share its port, after another one; nil for none.
func sharing(before control) control {
	return func(network, address string, c syscall.RawConn) error {
		if before != nil {
			if err := before(network, address, c); err != nil {
				return err
			}
		}
		return reusePort(c, true)
	}
}

func closeAll(socks []*udpConn) {
	for _, c := range socks {
		c.Close() //nolint:errcheck // nothing more is to come
	}
}
