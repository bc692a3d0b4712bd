package node

import "net/netip"

// Mode is how far a node takes part in the network (BEP 43).
type Mode uint8

// The modes.
const (
	ModeServing  Mode = iota // asks and answers, a full member
	ModeProving              // asks with "ro" set; answers, to find out whether others can reach it
	ModeReadOnly             // asks with "ro" set and answers nobody
)

var modes = [...]string{"serving", "proving", "read-only"}

// String returns the word that the screens use for the mode.
func (m Mode) String() string { return modes[m] }

// Mode returns how far the node takes part now. A node whose reachability is unknown proves it first: it serves
// once unsolicited queries have reached it at one external address for 15 minutes, and proves it again when that
// address changes.
func (i *identity) Mode() Mode { return Mode(i.mode.Load()) }

// firstMode returns the mode to start in. A node that was told its public address has nothing to prove, nor has one that is
// bound to a local range as long as that is the whole network: until others see it at a public address.
func (n *Node) firstMode() Mode {
	switch {
	case n.cfg.ReadOnly:
		return ModeReadOnly
	case n.adaptive(netip.Addr{}):
		return ModeProving
	}
	return ModeServing
}

// setMode changes the mode. routing.mu is held.
func (i *identity) setMode(m Mode) {
	i.proof = nil
	if m == ModeProving {
		i.proof = &proof{recentContacts: newRecentContacts()}
	}
	i.mode.Store(uint32(m))
}
