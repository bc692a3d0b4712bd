package node

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"net/netip"
	"sync"
	"time"
)

// tokenEpoch is how long a token is issued. It is accepted for one epoch more, so that it lives for 5 to 10 minutes
// (BEP 5).
const tokenEpoch = 5 * time.Minute

const tokenLen = 8

// tokens makes and checks announce tokens. A token is a keyed hash of the sender's IP address, so that we remember
// nothing for each sender, and nobody can announce from an address at which they do not receive packets.
type tokens struct {
	once   sync.Once
	secret [16]byte
}

// of returns the token for ip in the epoch of now, or ago epochs earlier.
func (t *tokens) of(ip netip.Addr, now time.Time, ago int64) (token [tokenLen]byte) {
	t.once.Do(func() { rand.Read(t.secret[:]) }) // never fails since Go 1.24
	var in [16 + 16 + 8]byte
	copy(in[:], t.secret[:])
	a := ip.As16()
	copy(in[16:], a[:])
	binary.BigEndian.PutUint64(in[32:], uint64(now.Unix()/int64(tokenEpoch/time.Second)-ago))
	sum := sha256.Sum256(in[:])
	copy(token[:], sum[:])
	return token
}

// valid reports whether token was issued to ip lately.
func (t *tokens) valid(token []byte, ip netip.Addr, now time.Time) bool {
	for ago := range int64(2) {
		if want := t.of(ip, now, ago); subtle.ConstantTimeCompare(token, want[:]) == 1 {
			return true
		}
	}
	return false
}
