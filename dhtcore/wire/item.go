package wire

import (
	"crypto/ed25519"
	"crypto/sha1"

	"github.com/anacrolix/dht/v2/bep44"
)

// The limits of BEP 44, in bytes.
const (
	MaxValue = 1000 // of an item's bencoded value
	MaxSalt  = 64
)

// Item is a value that the DHT stores (BEP 44). A get carries only the Seq of the version that its sender has. A reply
// leaves out the Salt and, when the sender of the get has the current version, Key, Sig and Value.
type Item struct {
	Value  []byte // bencoded, byte for byte as it was signed or hashed
	Key    []byte // ed25519 public key, 32 bytes; nil for an immutable item
	Salt   []byte
	Sig    []byte // ed25519 signature, 64 bytes
	Seq    int64
	CAS    int64 // put: the Seq of the version to overwrite
	HasSeq bool
	HasCAS bool
}

// Mutable reports whether the item belongs to a key, whose owner may change it.
func (it *Item) Mutable() bool { return it.Key != nil }

// Target returns the place of the item in the key space: the SHA-1 of the key and the salt, or of the value when it is
// immutable.
func (it *Item) Target() ID {
	if !it.Mutable() {
		return sha1.Sum(it.Value)
	}
	named := make([]byte, 0, ed25519.PublicKeySize+MaxSalt)
	return sha1.Sum(append(append(named, it.Key...), it.Salt...))
}

// Check returns nil for an item of canonical bencode within the limits and, if mutable, with a valid signature. Else it
// returns the *Error with which a put of it is answered.
func (it *Item) Check() error {
	if err := it.CheckForm(); err != nil {
		return err
	}
	if it.Mutable() && !bep44.Verify(it.Key, it.Salt, it.Seq, it.Value, it.Sig) {
		return &Error{CodeSignature, "invalid signature"}
	}
	return nil
}

// CheckForm is Check without the signature, which takes longer than all the rest.
func (it *Item) CheckForm() error {
	switch {
	case len(it.Value) == 0:
		return &Error{CodeProtocol, "missing v"}
	case len(it.Value) > MaxValue:
		return &Error{CodeValueTooBig, "message (v field) too big"}
	case !canonical(it.Value):
		return &Error{CodeProtocol, "v is not canonical bencode"}
	case len(it.Salt) > MaxSalt:
		return &Error{CodeSaltTooBig, "salt (salt field) too big"}
	case !it.Mutable():
		return nil
	case len(it.Key) != ed25519.PublicKeySize:
		return &Error{CodeProtocol, "invalid k"}
	case !it.HasSeq:
		return &Error{CodeProtocol, "missing seq"}
	case it.Seq < 0:
		return &Error{CodeProtocol, "invalid seq"}
	}
	return nil
}

// Sign makes the item belong to key: it sets Key, Sig and HasSeq for its Value, Salt and Seq.
func (it *Item) Sign(key ed25519.PrivateKey) {
	it.Key, it.HasSeq = []byte(key.Public().(ed25519.PublicKey)), true
	it.Sig = bep44.Sign(key, it.Salt, it.Seq, it.Value)
}

// Clone returns a copy that shares no memory with it.
func (it *Item) Clone() Item {
	c := *it
	room := make([]byte, 0, len(it.Value)+len(it.Key)+len(it.Salt)+len(it.Sig))
	for _, part := range []*[]byte{&c.Value, &c.Key, &c.Salt, &c.Sig} {
		if *part != nil {
			from := len(room)
			room = append(room, *part...)
			*part = room[from:len(room):len(room)]
		}
	}
	return c
}

// ScanItem reads the BEP 44 fields of m, which Scan skips because they are rare. The slices alias the packet. A value
// of the wrong type or length sets m.Invalid in a put, and is left out of others.
func (m *Message) ScanItem() (it Item) {
	m.rest(func(s *scanner, key string) {
		switch key {
		case "v":
			it.Value = s.value()
		case "k":
			it.Key = s.sized(m, keyK, ed25519.PublicKeySize)
		case "sig":
			it.Sig = s.sized(m, keySig, ed25519.SignatureSize)
		case "salt":
			it.Salt = s.field(m, keySalt)
		case "seq":
			it.HasSeq = s.at('i')
			it.Seq = s.number(m, keySeq)
		case "cas":
			it.HasCAS = s.at('i')
			it.CAS = s.number(m, keyCAS)
		default:
			s.skip()
		}
	})
	m.settle()
	return it
}

// rest calls read for every key of a body in which Scan skipped some. read reads or skips the value.
func (m *Message) rest(read func(s *scanner, key string)) {
	if len(m.Rest) == 0 {
		return
	}
	s := scanner{b: m.Rest}
	for s.open('d'); s.more(); {
		key, ok := s.str()
		if !ok {
			return
		}
		read(&s, string(key))
	}
}

// appendPut appends the arguments of a put, with "cas" before "id".
func appendPut(dst []byte, id ID, token []byte, it *Item) []byte {
	if it.HasCAS {
		dst = appendInt(append(dst, "3:cas"...), it.CAS)
	}
	dst = append(dst, "2:id20:"...)
	dst = append(dst, id[:]...)
	if it.Mutable() {
		dst = appendStr(append(dst, "1:k"...), it.Key)
	}
	if len(it.Salt) > 0 {
		dst = appendStr(append(dst, "4:salt"...), it.Salt)
	}
	dst = appendSignature(dst, it)
	dst = appendStr(append(dst, "5:token"...), token)
	return append(append(dst, "1:v"...), it.Value...)
}

// appendSignature appends "seq" and "sig", if there are any.
func appendSignature(dst []byte, it *Item) []byte {
	if it.HasSeq {
		dst = appendInt(append(dst, "3:seq"...), it.Seq)
	}
	if it.Sig != nil {
		dst = appendStr(append(dst, "3:sig"...), it.Sig)
	}
	return dst
}
