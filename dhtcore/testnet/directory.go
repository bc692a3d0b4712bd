package testnet

import (
	"net/netip"
	"sync"
)

// directory is who has which address: the members, and the nodes of incidents.
type directory struct {
	mu    sync.RWMutex
	links map[netip.AddrPort]*link
}

func (d *directory) add(l *link) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.links == nil {
		d.links = make(map[netip.AddrPort]*link)
	}
	d.links[l.LocalAddr()] = l
}

// remove forgets l, unless somebody else has its address by now.
func (d *directory) remove(l *link) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at := l.LocalAddr(); d.links[at] == l {
		delete(d.links, at)
	}
}

// at returns the link at an address, nil for none.
func (d *directory) at(addr netip.AddrPort) *link {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.links[addr]
}

func (d *directory) removeMember(m *Member) {
	d.remove(m.link)
	if m.twin != nil {
		d.remove(m.twin)
	}
}
