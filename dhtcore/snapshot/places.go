package snapshot

import (
	"net/netip"

	"dhtop/dhtcore/geo"
)

// Place is where an address is: its country and the operator of its network.
type Place = geo.Place

// Places are those of the addresses in a Snapshot. They are looked up when the Snapshot is made, so that who draws it reads no file.
// The zero value knows none.
type Places struct {
	// Shown are those of the addresses in the Snapshot; nil where the files are at hand. A Snapshot that leaves the process
	// has them: see Snapshot.Portable.
	Shown map[netip.Addr]Place

	db *geo.DB
}

// NewPlaces returns what the files of db say; the addresses that it has looked up are known.
func NewPlaces(db *geo.DB) Places { return Places{db: db} }

// Known reports whether there are files at all.
func (p Places) Known() bool { return p.db != nil || p.Shown != nil }

// Of returns the place of an address; the zero value for an unknown one.
func (p Places) Of(ip netip.Addr) Place {
	if p.db != nil {
		return p.db.Recall(ip)
	}
	return p.Shown[plainIP(ip)]
}

// plainIP is an address as places know it.
func plainIP(ip netip.Addr) netip.Addr { return ip.Unmap().WithZone("") }

// Portable returns the Snapshot as it can leave the process: with the places of its addresses. It is s where there are none.
func (s *Snapshot) Portable() *Snapshot {
	if s.Places.db == nil {
		return s
	}
	shown := make(map[netip.Addr]Place)
	keep := func(addr netip.AddrPort) {
		ip := plainIP(addr.Addr())
		if _, has := shown[ip]; has || !ip.IsValid() {
			return
		}
		if p := s.Places.db.Recall(ip); p != (Place{}) {
			shown[ip] = p
		}
	}
	s.eachAddr(keep)
	for i := range s.Quiet { // those of long ago have been looked up
		keep(s.Quiet[i].Addr)
	}
	out := *s
	out.Places = Places{Shown: shown}
	return &out
}

// FindPlace looks up an address, if it is valid and there are files.
func FindPlace(db *geo.DB, addr netip.AddrPort) {
	if db != nil && addr.IsValid() {
		db.Find(addr.Addr())
	}
}

// PlacesOf looks up the addresses of the rows of s.
func PlacesOf(db *geo.DB, s *Snapshot) Places {
	if db.Empty() {
		return Places{}
	}
	s.eachAddr(func(addr netip.AddrPort) { FindPlace(db, addr) })
	return Places{db: db}
}

// eachAddr calls do with the addresses in the rows of s: of nodes, lookups and events, and of what a Viewer looks at.
func (s *Snapshot) eachAddr(do func(netip.AddrPort)) {
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			do(s.Nodes[i].Contacts[j].Addr)
		}
	}
	for i := range s.Lookups {
		lk := &s.Lookups[i]
		for j := range lk.Steps {
			do(lk.Steps[j].Addr)
		}
		for j := range lk.Peers {
			do(lk.Peers[j].Addr)
		}
	}
	for i := range s.Events {
		do(s.Events[i].Addr)
	}
	if s.Detail != nil {
		s.Detail.EachAddr(do)
	}
	for i := range s.Packets.Log {
		do(s.Packets.Log[i].Addr)
	}
}
