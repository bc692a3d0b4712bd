package node

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/udp"
)

// Packet is one datagram: its payload and the address at the other end.
type Packet = udp.Packet

// Conn carries datagrams in batches. It has two implementations: UDP sockets (Listen) and the
// in-memory network of dhtcore/simnet.
type Conn = udp.Conn

// Listen is udp.Listen. The error says what to do when the port is in use or not permitted.
func Listen(addr netip.AddrPort, batch int) (Conn, error) { return ListenOn(nil, addr, batch) }

// ListenOn is Listen on a network interface alone, on all for nil: udp.ListenOn.
func ListenOn(device *netbind.Device, addr netip.AddrPort, batch int) (Conn, error) {
	conn, err := udp.ListenOn(device, addr, batch)
	if err != nil {
		return nil, explainListen(addr, err)
	}
	return conn, nil
}

// Share is udp.Share: more sockets at the address of conn, for Config.MoreConns.
func Share(conn Conn, count int) []Conn { return udp.Share(conn, count) }

// listenError is a failure to listen that people meet, in words with a remedy.
type listenError struct {
	text string
	err  error // of the system
}

func (e *listenError) Error() string { return e.text }
func (e *listenError) Unwrap() error { return e.err }

// explainListen adds a remedy to the failures that people meet.
func explainListen(addr netip.AddrPort, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return &listenError{fmt.Sprintf("UDP port %d is in use: stop the other program or pass --port 0", addr.Port()), err}
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return &listenError{fmt.Sprintf("%s is not an address of this machine: pass another --bind", addr.Addr()), err}
	case errors.Is(err, syscall.EACCES):
		return &listenError{fmt.Sprintf("UDP port %d is not permitted: pass a --port above 1023", addr.Port()), err}
	}
	return err
}
