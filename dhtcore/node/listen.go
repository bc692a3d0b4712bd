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
		return nil, listenError(addr, err)
	}
	return conn, nil
}

// Share is udp.Share: more sockets at the address of conn, for Config.MoreConns.
func Share(conn Conn, count int) []Conn { return udp.Share(conn, count) }

// listenError adds a remedy to the failures that people meet.
func listenError(addr netip.AddrPort, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("UDP port %d is in use: stop the other program or pass --port 0: %w", addr.Port(), err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%s is not an address of this machine: pass another --bind: %w", addr.Addr(), err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("UDP port %d is not permitted: pass a --port above 1023: %w", addr.Port(), err)
	}
	return err
}
