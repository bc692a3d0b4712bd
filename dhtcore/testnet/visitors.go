package testnet

import (
	"hash/maphash"
	"net/netip"
	"sync"

	"dhtop/dhtcore/wire"
)

// The bounds of what is remembered of visitors.
const (
	maxVisitors     = 1 << 12
	maxTransactions = 1 << 14 // queries whose method is known when the reply comes
)

// visitors knows who is neither a member nor a guest but speaks with the network, and what visitors and guests have
// asked, and been asked.
type visitors struct {
	seed maphash.Seed

	mu      sync.Mutex
	known   map[netip.AddrPort]bool // have spoken
	methods map[uint64]wire.Method  // of queries, by transaction
	recent  []uint64                // the transactions of methods; a ring once it is full
	oldest  int                     // of recent
}

func (v *visitors) prepare() {
	v.seed, v.methods = maphash.MakeSeed(), make(map[uint64]wire.Method)
	v.known = make(map[netip.AddrPort]bool)
}

// spoke remembers the sender of a packet. All are forgotten when they are too many, until they speak again.
func (v *visitors) spoke(from netip.AddrPort) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.known[from] && len(v.known) >= maxVisitors {
		clear(v.known)
	}
	v.known[from] = true
}

// isKnown reports whether the one at addr has spoken: many at whose address nobody is are asked, too.
func (v *visitors) isKnown(addr netip.AddrPort) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.known[addr]
}

// method returns that of a packet: of the query, or of the query that it answers; wire.MethodUnknown if neither is
// known.
func (v *visitors) method(packet []byte, from, to netip.AddrPort) wire.Method {
	var m wire.Message
	if wire.Scan(packet, &m) != nil {
		return wire.MethodUnknown
	}
	switch m.Kind {
	case wire.KindQuery:
		v.remember(v.transaction(from, to, m.TID), m.Method)
		return m.Method
	case wire.KindReply, wire.KindError:
		at := v.transaction(to, from, m.TID)
		v.mu.Lock()
		defer v.mu.Unlock()
		return v.methods[at]
	}
	return wire.MethodUnknown
}

// transaction names a query of one to another.
func (v *visitors) transaction(from, to netip.AddrPort, tid []byte) uint64 {
	return maphash.Comparable(v.seed, struct {
		from, to netip.AddrPort
		tid      string
	}{from, to, string(tid)})
}

func (v *visitors) remember(transaction uint64, m wire.Method) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, again := v.methods[transaction]; !again {
		if len(v.recent) < maxTransactions {
			v.recent = append(v.recent, transaction)
		} else {
			delete(v.methods, v.recent[v.oldest])
			v.recent[v.oldest] = transaction
			v.oldest = (v.oldest + 1) % maxTransactions
		}
	}
	v.methods[transaction] = m
}
