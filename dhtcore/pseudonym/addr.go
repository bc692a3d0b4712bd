package pseudonym

import (
	"encoding/binary"
	"net/netip"
)

// Addr returns the pseudonym of an IP address, without its zone. None and unspecified ones are their own, as is ::1.
func (k *Key) Addr(ip netip.Addr) netip.Addr {
	switch ip = ip.WithZone(""); {
	case !ip.IsValid() || ip.IsUnspecified():
		return ip
	case ip.Is4():
		return k.addr4(ip)
	case ip.Is4In6():
		return netip.AddrFrom16(k.addr4(ip.Unmap()).As16())
	case ip.IsLoopback():
		return ip
	}
	return k.addr6(ip)
}

// AddrPort returns the pseudonym of an address, on the same port.
func (k *Key) AddrPort(a netip.AddrPort) netip.AddrPort {
	if !a.Addr().IsValid() {
		return a
	}
	return netip.AddrPortFrom(k.Addr(a.Addr()), a.Port())
}

// Prefix returns the network of as many bits that the pseudonyms of a network's addresses are in, where it is a /24, a /48
// or smaller.
func (k *Key) Prefix(p netip.Prefix) netip.Prefix {
	if !p.IsValid() {
		return p
	}
	return netip.PrefixFrom(k.Addr(p.Addr()), p.Bits()).Masked()
}

// kept4 are the IPv4 networks that addresses stay in.
var kept4 = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("224.0.0.0/4"), netip.MustParsePrefix("240.0.0.0/4"),
}

// keptBits returns how many bits of an IPv4 address stay.
func keptBits(ip netip.Addr) int {
	for _, p := range kept4 {
		if p.Contains(ip) {
			return p.Bits()
		}
	}
	return 0
}

func (k *Key) addr4(ip netip.Addr) netip.Addr {
	const bits = 24 // of the network
	b := ip.As4()
	n := binary.BigEndian.Uint32(b[:])
	before := uint64(n >> 8)
	kept, net := keptBits(ip), before
	for {
		free := bits - kept
		mask := uint64(1)<<free - 1
		net = net&^mask | k.permute(forNet4, net>>free<<8|uint64(kept), net&mask, free)
		if keptBits(toAddr4(net, 0)) == kept {
			break // a public network has become one
		}
	}
	return toAddr4(net, byte(k.permute(forHost4, before, uint64(b[3]), 8)))
}

func toAddr4(net uint64, host byte) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(net >> 16), byte(net >> 8), byte(net), host})
}

func (k *Key) addr6(ip netip.Addr) netip.Addr {
	const bits = 48 // of the network
	b := ip.As16()
	before := binary.BigEndian.Uint64(b[:]) >> 16
	kept := 4 // the others that are in use begin with 2 and 3
	switch {
	case ip.IsLinkLocalUnicast():
		kept = 16
	case ip.IsPrivate(), ip.IsMulticast():
		kept = 8
	}
	free := bits - kept
	mask := uint64(1)<<free - 1
	net := before&^mask | k.permute(forNet6, before>>free, before&mask, free)
	// Of the host, two halves of 40 bits.
	left, right := uint64(binary.BigEndian.Uint16(b[6:]))<<24|uint64(binary.BigEndian.Uint32(b[8:])>>8), binary.BigEndian.Uint64(b[8:])&(1<<40-1)
	left, right = k.mix(forHost6, before, left, right, 40)
	var out [16]byte
	binary.BigEndian.PutUint64(out[:], net<<16|left>>24)
	binary.BigEndian.PutUint64(out[8:], left<<40|right)
	return netip.AddrFrom16(out)
}

// permute returns one of the numbers of so many bits, an even number of them, for each.
func (k *Key) permute(kind byte, tweak, n uint64, bits int) uint64 {
	half := bits / 2
	left, right := k.mix(kind, tweak, n>>half, n&(1<<half-1), half)
	return left<<half | right
}

// mixRounds of a Feistel network make a permutation that looks random (Luby and Rackoff 1988 have four), and some more as
// the halves are short.
const mixRounds = 8

// mix is a Feistel network over two halves of so many bits.
func (k *Key) mix(kind byte, tweak, left, right uint64, half int) (uint64, uint64) {
	for round := range byte(mixRounds) {
		left, right = right, left^k.number(kind, round, tweak, right)&(1<<half-1)
	}
	return left, right
}
