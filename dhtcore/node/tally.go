package node

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// AddrTally is how many hosts see us at one address.
type AddrTally struct {
	Addr  netip.AddrPort
	Votes int
}

// VotesLeast is how many hosts must agree on our external address.
const VotesLeast = votesLeast

// Tallies returns under which addresses others see us, the one with most votes first.
func (n *Node) Tallies(now time.Time) []AddrTally {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.votes.tallies(now)
}

func (v *votes) tallies(now time.Time) (all []AddrTally) {
	for i := range v.all {
		c := &v.all[i]
		if now.Sub(c.at) >= voteFor {
			continue
		}
		if at := slices.IndexFunc(all, func(t AddrTally) bool { return t.Addr == c.as }); at >= 0 {
			all[at].Votes++
		} else {
			all = append(all, AddrTally{c.as, 1})
		}
	}
	slices.SortStableFunc(all, func(a, b AddrTally) int { return cmp.Compare(b.Votes, a.Votes) })
	return all
}
