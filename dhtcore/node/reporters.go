package node

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"

	"dhtop/dhtcore/wire"
)

// reporterSlots is how many addresses have their first reporter remembered, for each packet of a batch. With
// the usual batch of 64 they take 128 KiB: what answers bring in some seconds at the governor's usual
// limit, and whoever is asked because of them answers before that.
const reporterSlots = 64

// reporters remembers who was the first to tell of an address, until a newer one takes its slot. It does
// not grow.
type reporters struct {
	seed  maphash.Seed // its own, so that nobody can aim at a slot
	slots []reporter
}

func newReporters(batch int) reporters {
	return reporters{maphash.MakeSeed(), make([]reporter, reporterSlots*batch)}
}

type reporter struct {
	of uint64 // the address, hashed; 0 for none
	id wire.ID
}

// note records that the node id has told of nodes; of itself it says nothing new.
func (r *reporters) note(nodes []wire.Contact, id wire.ID) {
	for i := range nodes {
		if nodes[i].ID == id {
			continue
		}
		if slot, of := r.slot(nodes[i].Addr); slot.of != of {
			*slot = reporter{of, id}
		}
	}
}

// first returns who told first of the node at addr.
func (r *reporters) first(addr netip.AddrPort) (id wire.ID, known bool) {
	slot, of := r.slot(addr)
	return slot.id, slot.of == of
}

func (r *reporters) slot(addr netip.AddrPort) (slot *reporter, of uint64) {
	var key [18]byte
	ip := addr.Addr().As16()
	copy(key[:], ip[:])
	binary.BigEndian.PutUint16(key[16:], addr.Port())
	of = maphash.Bytes(r.seed, key[:])
	return &r.slots[of%uint64(len(r.slots))], of
}
