package wire

import "math/bits"

// key is a key of a message whose value is read. The order is that in which an invalid one is named.
type key uint8

const (
	keyY key = iota
	keyT
	keyQ
	keyA
	keyR
	keyE
	keyVersion
	keyIP
	keyRO
	keyID
	keyTarget
	keyInfoHash
	keyToken
	keyPort
	keyImpliedPort
	keySeed
	keyNoSeed
	keyBS
	keyScrape
	keyWant
	keyNum
	keyInterval
	keyNodes
	keyNodes6
	keySamples
	keyValues
	keyK
	keySig
	keySalt
	keySeq
	keyCAS
	keySeedFilter
	keyPeerFilter
)

var keyNames = [...]string{
	keyY: "y", keyT: "t", keyQ: "q", keyA: "a", keyR: "r", keyE: "e", keyVersion: "v", keyIP: "ip", keyRO: "ro",
	keyID: "id", keyTarget: "target", keyInfoHash: "info_hash", keyToken: "token", keyPort: "port",
	keyImpliedPort: "implied_port", keySeed: "seed", keyNoSeed: "noseed", keyBS: "bs", keyScrape: "scrape",
	keyWant: "want", keyNum: "num", keyInterval: "interval", keyNodes: "nodes", keyNodes6: "nodes6",
	keySamples: "samples", keyValues: "values", keyK: "k", keySig: "sig", keySalt: "salt", keySeq: "seq", keyCAS: "cas",
	keySeedFilter: "BFsd", keyPeerFilter: "BFpe",
}

// keySet is a set of keys, one bit each.
type keySet uint64

func keys(list ...key) (s keySet) {
	for _, k := range list {
		s |= 1 << k
	}
	return s
}

// neededOf are the arguments without which a query cannot be answered, by method. A put needs all that its signature
// covers: without k it would store another item than its sender means.
var neededOf = [Methods]keySet{
	FindNode:         keys(keyTarget),
	GetPeers:         keys(keyInfoHash),
	AnnouncePeer:     keys(keyInfoHash, keyToken, keyPort),
	SampleInfohashes: keys(keyTarget),
	Get:              keys(keyTarget),
	Put:              keys(keyToken, keyK, keySig, keySalt, keySeq, keyCAS),
}

var (
	neededInQuery = keys(keyT, keyQ, keyA, keyID)
	neededInReply = keys(keyT, keyR, keyID)
)

// needed returns the keys that m needs.
func (m *Message) needed() keySet {
	switch m.Kind {
	case KindQuery:
		s := neededInQuery | neededOf[m.Method]
		if m.ImpliedPort {
			s &^= 1 << keyPort
		}
		return s
	case KindReply:
		return neededInReply
	case KindError:
		return 1 << keyT
	}
	return 1 << keyY
}

// odd marks the value of k as one of a wrong type or length.
func (m *Message) odd(k key) { m.odds |= 1 << k }

// settle names the first needed key whose value is odd.
func (m *Message) settle() {
	if bad := m.odds & m.needed(); bad != 0 {
		m.Invalid = keyNames[bits.TrailingZeros64(uint64(bad))]
	}
}

// LeftOut returns how many optional fields of m were left out, as their values have a wrong type or length. The fields
// that Reply and ScanItem read count from then on.
func (m *Message) LeftOut() int { return bits.OnesCount64(uint64(m.odds &^ m.needed())) }
