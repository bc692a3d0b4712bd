package testnet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"syscall"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// CheckNet reports in a sentence what makes a prefix unfit for Config.Net.
func CheckNet(p netip.Prefix) error {
	if !p.Addr().Is4() || p.Bits() < 8 || p.Bits() > 24 {
		return fmt.Errorf("%s: want an IPv4 network from /8 to /24, such as 10.77.0.0/16", p)
	}
	return nil
}

// FirstIP returns the first address of a host in p.
func FirstIP(p netip.Prefix) netip.Addr { return p.Masked().Addr().Next() }

// drawIP returns an address for a node.
func (c *Config) drawIP(r *rand.Rand) netip.Addr {
	if !c.Net.IsValid() {
		return LoopbackIP(r)
	}
	return drawIPIn(c.Net, r)
}

// drawIPIn returns an address of p that is neither its first one nor one that ends in 0 or 255.
func drawIPIn(p netip.Prefix, r *rand.Rand) netip.Addr {
	ip := p.Masked().Addr().As4()
	hosts := uint32(1)<<(32-p.Bits()-8) - 1
	n := binary.BigEndian.Uint32(ip[:]) | r.Uint32()&hosts<<8
	binary.BigEndian.PutUint32(ip[:], n|uint32(2+r.IntN(253)))
	return netip.AddrFrom4(ip)
}

// listenOn returns what opens sockets in p, of which the system must have all addresses.
func listenOn(p netip.Prefix) Listen {
	return func(_ wire.ID, r *rand.Rand) (node.Conn, error) {
		conn, err := node.Listen(netip.AddrPortFrom(drawIPIn(p, r), 0), 1)
		if errors.Is(err, syscall.EADDRNOTAVAIL) {
			return nil, fmt.Errorf("%s is not a network of this machine's own: run 'ip addr add %s/%d dev lo'", p, FirstIP(p), p.Bits())
		}
		if err != nil {
			return nil, fmt.Errorf("opening a socket of the embedded network: %w", err)
		}
		return conn, nil
	}
}
