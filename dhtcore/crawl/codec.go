package crawl

import (
	"encoding/binary"
	"hash/crc32"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// withChecksum returns b with its CRC-32.
func withChecksum(b []byte) []byte {
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

func appendContact(b []byte, c wire.Contact) []byte {
	ip := c.Addr.Addr().As16()
	b = append(append(b, c.ID[:]...), ip[:]...)
	return binary.BigEndian.AppendUint16(b, c.Addr.Port())
}

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// reader takes numbers off the front of b. It sets bad if there are too few, and then returns zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.bad, r.b = true, nil
		return make([]byte, n)
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) uint8() byte    { return r.take(1)[0] }
func (r *reader) uint16() uint16 { return binary.BigEndian.Uint16(r.take(2)) }
func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }

func (r *reader) contact() (c wire.Contact) {
	copy(c.ID[:], r.take(len(c.ID)))
	ip, _ := netip.AddrFromSlice(r.take(16))
	c.Addr = netip.AddrPortFrom(ip.Unmap(), r.uint16())
	return c
}

// count takes the number of the things that follow, each of size bytes at least.
func (r *reader) count(size int) int {
	n := int(r.uint32())
	if n < 0 || n > len(r.b)/size {
		r.bad, r.b = true, nil
		return 0
	}
	return n
}
