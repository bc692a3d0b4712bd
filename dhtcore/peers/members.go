package peers

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// Member is one peer of a swarm.
type Member struct {
	Addr   netip.AddrPort
	Seed   bool // it announced itself as one (BEP 33)
	Source Source
	At     time.Time // of its last announce, to the second
}

// AppendMembers appends up to n peers of hash to dst, those of IPv4 first, in the order of their addresses. It holds the lock for a
// copy.
func (s *Store) AppendMembers(dst []Member, hash [20]byte, n int) []Member {
	key := s.key(hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	sw, _ := s.find(key, &hash)
	if sw == nil {
		return dst
	}
	for f := range wire.Families {
		l := s.list(sw, f)
		for i := 0; i < l.n && n > 0; i++ {
			ip, port := l.addr(i)[:f.AddrLen()-2], l.addr(i)[f.AddrLen()-2:]
			addr, _ := netip.AddrFromSlice(ip)
			dst = append(dst, Member{netip.AddrPortFrom(addr, uint16(port[0])<<8|uint16(port[1])), l.seed(i), l.source(i),
				s.epoch.Add(time.Duration(l.at(i)) * time.Second)})
			n--
		}
	}
	return dst
}
