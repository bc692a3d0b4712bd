package node

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// referrerSlots is how many addresses have their first referrer remembered, for each packet of a batch. With
// the usual batch of 64 they take 128 KiB and hold what replies bring in some seconds at the governor's usual
// limit. A node that is asked because of them replies before that.
const referrerSlots = 64

// referrers remembers for each address which node was the first to tell us of it, until a newer address takes
// the slot. It does not grow. Guarded by routing.mu.
type referrers struct {
	seed  maphash.Seed // random, so that nobody can aim at a slot
	slots []referral
}

// referral says that the node id told us of an address.
type referral struct {
	key uint64 // of the address; 0 for none
	id  wire.ID
}

func newReferrers(batch int) referrers {
	return referrers{maphash.MakeSeed(), make([]referral, referrerSlots*batch)}
}

// add records that the node id told us of nodes; what it says of itself does not count.
func (r *referrers) add(nodes []wire.Contact, id wire.ID) {
	for i := range nodes {
		if nodes[i].ID == id {
			continue
		}
		if slot, key := r.slot(nodes[i].Addr); slot.key != key {
			*slot = referral{key, id}
		}
	}
}

// of returns the node that was the first to tell us of addr, if that is remembered.
func (r *referrers) of(addr netip.AddrPort) (id wire.ID, known bool) {
	slot, key := r.slot(addr)
	return slot.id, slot.key == key
}

func (r *referrers) slot(addr netip.AddrPort) (slot *referral, key uint64) {
	var b [18]byte
	ip := addr.Addr().As16()
	copy(b[:], ip[:])
	binary.BigEndian.PutUint16(b[16:], addr.Port())
	key = maphash.Bytes(r.seed, b[:])
	return &r.slots[key%uint64(len(r.slots))], key
}
