package table

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// How many entries, replacements included, may share a network of public addresses: a /24 of IPv4 or a /64
// of IPv6, the least that one owner gets. An owner of one gets a quarter of a bucket and about 5 % of the
// table of a large network.
const (
	PerSubnetBucket = 2
	PerSubnetTable  = 8
)

// subnetFull reports whether the network of addr has its share of the bucket or of the table.
func (t *Table) subnetFull(b *bucket, addr netip.AddrPort) bool {
	network, limited := wire.Subnet(addr.Addr())
	if !limited || t.subnets[network] == 0 {
		return false
	}
	return t.subnets[network] >= PerSubnetTable || b.countSubnet(network) >= PerSubnetBucket
}

// countSubnet counts the entries countSubnet b in network.
func (b *bucket) countSubnet(network netip.Addr) (count int) {
	for _, list := range [...][]*Node{b.main, b.replacements} {
		for _, n := range list {
			if own, _ := wire.Subnet(n.Addr.Addr()); own == network {
				count++
			}
		}
	}
	return count
}

// dropBad makes room in b for a node at addr by dropping a bad node of the same network, if there is one.
func (t *Table) dropBad(b *bucket, addr netip.AddrPort, now time.Time) {
	network, _ := wire.Subnet(addr.Addr())
	for _, list := range [...][]*Node{b.main, b.replacements} {
		for _, n := range list {
			if own, _ := wire.Subnet(n.Addr.Addr()); own == network && n.State(now) == Bad {
				t.evict(n)
				return
			}
		}
	}
}

// addEntry indexes n by its slot and counts it for its network.
func (t *Table) addEntry(n *Node) {
	t.bySlot[Slot(n.Addr)] = n
	if network, limited := wire.Subnet(n.Addr.Addr()); limited {
		t.subnets[network]++
	}
}

// removeEntry undoes enter.
func (t *Table) removeEntry(n *Node) {
	delete(t.bySlot, Slot(n.Addr))
	network, limited := wire.Subnet(n.Addr.Addr())
	if !limited {
		return
	}
	if t.subnets[network]--; t.subnets[network] == 0 {
		delete(t.subnets, network)
	}
}
