package dhtcore

import (
	"net/netip"

	"dhtop/dhtcore/geo"
)

// Place is where an address is: its country and the operator of its network.
type Place = geo.Place

// Places are those of the addresses in a Snapshot. They are looked up when the Snapshot is made, so that who draws it reads no file.
// The zero value knows none.
type Places struct{ db *geo.DB }

// NewPlaces returns what the files of db say; the addresses that it has looked up are known.
func NewPlaces(db *geo.DB) Places { return Places{db} }

// Known reports whether there are files at all.
func (p Places) Known() bool { return p.db != nil }

// Of returns the place of an address; the zero value for an unknown one.
func (p Places) Of(ip netip.Addr) Place { return p.db.Recall(ip) }

// findPlace looks up an address, if it is valid and there are files.
func findPlace(db *geo.DB, addr netip.AddrPort) {
	if db != nil && addr.IsValid() {
		db.Find(addr.Addr())
	}
}

// placesOf looks up the addresses of the rows of s: of nodes, lookups and events.
func placesOf(db *geo.DB, s *Snapshot) Places {
	if db.Empty() {
		return Places{}
	}
	find := func(addr netip.AddrPort) { findPlace(db, addr) }
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			find(s.Nodes[i].Contacts[j].Addr)
		}
	}
	for i := range s.Lookups {
		lk := &s.Lookups[i]
		for j := range lk.Steps {
			find(lk.Steps[j].Addr)
		}
		for j := range lk.Peers {
			find(lk.Peers[j].Addr)
		}
	}
	for i := range s.Events {
		find(s.Events[i].Addr)
	}
	return Places{db}
}

// findPlaces looks up the addresses of a Detail.
func (d *Detail) findPlaces(db *geo.DB) {
	for i := range d.Sources {
		findPlace(db, d.Sources[i].Addr)
	}
	for i := range d.Swarm.Peers {
		findPlace(db, d.Swarm.Peers[i].Addr)
	}
}
