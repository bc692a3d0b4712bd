package simnet

import (
	"encoding/binary"
	"net/netip"
)

// The addresses of a planet are given out of addrSpace many, all of IPv4 but the first bytes in reserved.
// Those of consecutive ranks, and of the peers of a swarm, are addrStride apart, the golden section of
// the space. That spreads them evenly, so that of 10,000,000 nodes no more than two share a /24.
const (
	addrSpace   = 215 << 24
	addrStride  = 2229311291
	addrInverse = 2101881331 // of addrStride, modulo addrSpace
	firstPort   = 1024       // ports up to 65535 are given out
)

// reserved are the first bytes from 1 to 223 with a range that is not public, in order (wire.Local).
func reserved() [8]byte { return [...]byte{10, 100, 127, 169, 172, 192, 198, 203} }

// addr returns the address of a node.
func (p *Planet) addr(rank int) netip.AddrPort {
	port := firstPort + below(p.draw(ofPort, uint64(rank)), 1<<16-firstPort)
	return netip.AddrPortFrom(ipAt(uint64(rank)*addrStride%addrSpace), uint16(port))
}

// find returns the rank of the node at addr, if there is one.
func (p *Planet) find(addr netip.AddrPort) (rank int, ok bool) {
	place, ok := placeOf(addr.Addr())
	if !ok {
		return 0, false
	}
	at := place * addrInverse % addrSpace
	if at >= uint64(p.cfg.Nodes) {
		return 0, false
	}
	return int(at), p.addr(int(at)) == addr
}

// ipAt returns the address at a place from 0 to addrSpace-1.
func ipAt(place uint64) netip.Addr {
	first := byte(place>>24) + 1
	for _, r := range reserved() {
		if first >= r {
			first++
		}
	}
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], uint32(first)<<24|uint32(place&(1<<24-1)))
	return netip.AddrFrom4(ip)
}

// placeOf undoes ipAt; ok is false for an address that is not given out.
func placeOf(addr netip.Addr) (place uint64, ok bool) {
	if !addr.Is4() {
		return 0, false
	}
	ip := addr.As4()
	before := 1
	for _, r := range reserved() {
		if ip[0] == r {
			return 0, false
		}
		if ip[0] > r {
			before++
		}
	}
	if ip[0] == 0 || ip[0] > 223 {
		return 0, false
	}
	return uint64(int(ip[0])-before)<<24 | uint64(binary.BigEndian.Uint32(ip[:])&(1<<24-1)), true
}
