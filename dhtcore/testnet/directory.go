package testnet

import (
	"net/netip"
	"sync"
)

// directory is who has which address: the members, and the nodes of incidents.
type directory struct {
	mu    sync.RWMutex
	links map[netip.AddrPort]*link
	left  map[netip.AddrPort]bool // those that are not there any more, but whose last packets may still arrive
}

// maxLeft is how many that left are remembered.
const maxLeft = 1 << 13

func (d *directory) add(l *link) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.links == nil {
		d.links, d.left = make(map[netip.AddrPort]*link), make(map[netip.AddrPort]bool)
	}
	d.links[l.LocalAddr()] = l
	delete(d.left, l.LocalAddr())
}

// remove forgets l, unless somebody else has its address by now.
func (d *directory) remove(l *link) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if at := l.LocalAddr(); d.links[at] == l {
		delete(d.links, at)
		if len(d.left) >= maxLeft {
			clear(d.left)
		}
		d.left[at] = true
	}
}

// knows reports whether somebody of the network has an address, or had it lately.
func (d *directory) knows(addr netip.AddrPort) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.links[addr] != nil || d.left[addr]
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
