package tracker

import (
	"net"
	"net/netip"
	"sync"

	"dhtop/dhtcore/wire"
)

const (
	maxConnections = 20_000
	maxOfHost      = 200 // of one public host: a slow client does not take the places of others
)

// connections are the open connections. mu guards them.
type connections struct {
	mu    *sync.Mutex
	open  map[net.Conn]struct{}
	hosts map[netip.Addr]int
}

func newConnections() connections {
	return connections{mu: new(sync.Mutex), open: make(map[net.Conn]struct{}), hosts: make(map[netip.Addr]int)}
}

// add takes in c, and reports whether there was room. A proxy has as many as it wants.
func (s *connections) add(c net.Conn, from netip.Addr, proxy bool) bool {
	host, limited := wire.HostKey(from)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) >= maxConnections || limited && !proxy && s.hosts[host] >= maxOfHost {
		return false
	}
	s.open[c] = struct{}{}
	s.hosts[host]++
	return true
}

// remove closes c and forgets it.
func (s *connections) remove(c net.Conn, from netip.Addr) {
	c.Close()
	host, _ := wire.HostKey(from)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
	if s.hosts[host]--; s.hosts[host] <= 0 {
		delete(s.hosts, host)
	}
}

// closeAll closes what is open; those who read end.
func (s *connections) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Close()
	}
}

func (s *connections) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}
