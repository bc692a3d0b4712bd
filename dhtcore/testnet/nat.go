package testnet

import (
	"net/netip"
	"time"
)

// What a home router does with UDP: it lets in the packets of those that the node behind it spoke to lately.
const (
	natOpenFor  = 30 * time.Second // Linux's conntrack; many routers take longer
	natMappings = 256              // are kept before those that have ended are forgotten
)

// nat is what the router of a node behind NAT remembers: until when it lets whom in.
type nat map[netip.AddrPort]time.Time

// opensNAT lets the one at addr in for a while.
func (l *link) opensNAT(addr netip.AddrPort) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.nat == nil {
		l.nat = make(nat)
	}
	if len(l.nat) >= natMappings {
		for a, until := range l.nat {
			if now.After(until) {
				delete(l.nat, a)
			}
		}
	}
	l.nat[addr] = now.Add(natOpenFor)
}

// passesNAT reports whether a packet of the one at addr is let in.
func (l *link) passesNAT(addr netip.AddrPort) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return time.Now().Before(l.nat[addr])
}
