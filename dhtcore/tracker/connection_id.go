package tracker

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"net/netip"
	"time"
)

// idEpoch is how long a key makes connection IDs. An ID is valid until the end of the next epoch: 2 to 4 minutes,
// as BEP 15 asks for 2 at least.
const idEpoch = 2 * time.Minute

// connectionIDs makes and checks the connection IDs of BEP 15. An ID is the address encrypted with a random key, so that
// nothing is remembered for each source and nobody can announce from an address at which it does not receive. It
// belongs to the goroutine of one socket.
type connectionIDs struct {
	now, before cipher.Block
	since       time.Time
	in, out     [aes.BlockSize]byte
}

func newKey() cipher.Block {
	var key [16]byte
	rand.Read(key[:]) // never fails since Go 1.24
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // of another key length
	}
	return block
}

// turn changes the key when it is time.
func (c *connectionIDs) turn(now time.Time) {
	switch age := now.Sub(c.since); {
	case c.now == nil || age >= 2*idEpoch || age < 0:
		c.now, c.before, c.since = newKey(), newKey(), now
	case age >= idEpoch:
		c.now, c.before, c.since = newKey(), c.now, now
	}
}

func (c *connectionIDs) make(key cipher.Block, ip netip.Addr) uint64 {
	c.in = ip.As16()
	key.Encrypt(c.out[:], c.in[:])
	return binary.BigEndian.Uint64(c.out[:])
}

// of returns the ID for ip.
func (c *connectionIDs) of(ip netip.Addr, now time.Time) uint64 {
	c.turn(now)
	return c.make(c.now, ip)
}

// valid reports whether id was issued to ip lately.
func (c *connectionIDs) valid(id uint64, ip netip.Addr, now time.Time) bool {
	c.turn(now)
	return id == c.make(c.now, ip) || id == c.make(c.before, ip)
}
