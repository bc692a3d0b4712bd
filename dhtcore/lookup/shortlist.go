package lookup

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// shortlist holds the candidates of one address family, closest to the target first (the Kademlia paper's
// word).
type shortlist struct {
	family    wire.Family
	sorted    []*candidate
	known     map[wire.Contact]*candidate
	addresses map[netip.AddrPort]*address
	replied   map[wire.ID]bool
	horizon   horizon

	queried   int                // candidates
	queriedIn map[netip.Addr]int // by network
	// Of the first repeated query to each node that had just replied: replies, and losses so far.
	repeatReplies, repeatLosses int
}

// The bounds of a shortlist, against nodes that make up contacts.
const (
	maxKnown            = 400 // candidates kept
	maxQueried          = 200 // candidates queried
	perNetwork          = 3   // nodes in one /24 or /64 among the closest
	maxQueriedInNetwork = 9   // as each liar of a chain names a closer one
	perID               = 3   // addresses of one ID
)

func (s *shortlist) init(family wire.Family) {
	s.family = family
	s.known = make(map[wire.Contact]*candidate)
	s.addresses = make(map[netip.AddrPort]*address)
	s.replied = make(map[wire.ID]bool)
	s.queriedIn = make(map[netip.Addr]int)
}

// shortlist returns the shortlist of the address family of a contact.
func (l *Lookup) shortlist(c wire.Contact) *shortlist { return &l.shortlists[familyOf(c)] }

// learn adds a contact named by referrer (nil for a seed) to the shortlist of its family, unless it is us,
// unusable or not believed. mu is held.
func (l *Lookup) learn(contact wire.Contact, referrer *candidate) {
	if l.cfg.Families != 0 && l.cfg.Families&familyOf(contact).Want() == 0 {
		return
	}
	if slices.Contains(l.cfg.Self, contact.ID) || !wire.Routable(contact.Addr.Addr()) || contact.Addr.Port() == 0 {
		return
	}
	s := l.shortlist(contact)
	if old := s.known[contact]; old != nil {
		old.addReferrer(referrer)
		return
	}
	if referrer != nil && l.cfg.Believe != nil && !l.cfg.Believe(contact.Addr, referrer.step.Addr) {
		return
	}
	c := l.newCandidate(contact, referrer)
	if !c.at.worthNaming(contact.ID) {
		return
	}
	s.insert(l.cfg.Target, c)
}

// insert enters c unless the shortlist is full of closer ones, or has enough addresses of its ID or closer names of
// its address.
func (s *shortlist) insert(target wire.ID, c *candidate) {
	at, _ := slices.BinarySearchFunc(s.sorted, c.step.ID, func(a *candidate, id wire.ID) int {
		return wire.CompareDistance(target, a.step.ID, id)
	})
	if at >= maxKnown || at+perID <= len(s.sorted) && s.sorted[at+perID-1].step.ID == c.step.ID {
		return
	}
	s.sorted = slices.Insert(s.sorted, at, c)
	s.known[c.step.Contact], s.addresses[c.step.Addr] = c, c.at
	c.at.names = append(c.at.names, c)
	if len(c.at.names) > maxNames {
		s.drop(c.at.surplus(target))
	}
	if last := len(s.sorted) - 1; last == maxKnown {
		s.drop(s.sorted[last])
	}
}

// drop forgets a candidate. Its address is remembered if it was asked.
func (s *shortlist) drop(c *candidate) {
	isIt := func(other *candidate) bool { return other == c }
	s.sorted = slices.DeleteFunc(s.sorted, isIt)
	c.at.names = slices.DeleteFunc(c.at.names, isIt)
	delete(s.known, c.step.Contact)
	if len(c.at.names) == 0 && c.at.asked == 0 {
		delete(s.addresses, c.step.Addr)
	}
}

// window visits the candidates that the lookup works on: the closest usable ones whose weights add up to
// k, each address once, at most perNetwork of one network.
func (s *shortlist) window(k int, weight func(*candidate) float64, visit func(*candidate)) {
	var room [4 * DefaultK]netip.Addr
	networks := room[:0]
	var place [4 * DefaultK]*address
	addresses := place[:0]
	left := float64(k)
	for _, c := range s.sorted {
		if left <= 0 {
			return
		}
		if !s.usable(c) || count(networks, c.network) >= perNetwork || slices.Contains(addresses, c.at) {
			continue
		}
		left -= weight(c)
		addresses = append(addresses, c.at)
		networks = append(networks, c.network)
		visit(c)
	}
}

// countOne is the weight that counts candidates.
func countOne(*candidate) float64 { return 1 }

// count counts network among networks. An invalid one, of a local network, is never counted.
func count(networks []netip.Addr, network netip.Addr) (n int) {
	for _, other := range networks {
		if other == network && other.IsValid() {
			n++
		}
	}
	return n
}

// usable reports whether c replied, may still reply in time or is worth a query.
func (s *shortlist) usable(c *candidate) bool {
	switch c.status {
	case chosen, waiting, replied:
		return true
	case heard:
		return c.at.mayAsk(c.step.ID) && !s.replied[c.step.ID] && !c.distrusted() &&
			(!c.network.IsValid() || s.queriedIn[c.network] < maxQueriedInNetwork) &&
			(c.failures < maxFailures || c.isSeed()) // the caller's word outweighs a failure
	}
	return false
}

// closest returns the k closest nodes that replied, at most perNetwork of one network.
func (s *shortlist) closest(k int) []*candidate {
	return s.closestWith(k, func(*candidate) bool { return true })
}

// closestWith is closest among those that are ok.
func (s *shortlist) closestWith(k int, ok func(*candidate) bool) (nodes []*candidate) {
	var networks []netip.Addr
	for _, c := range s.sorted {
		if len(nodes) == k {
			break
		}
		if c.status == replied && ok(c) && count(networks, c.network) < perNetwork {
			nodes = append(nodes, c)
			networks = append(networks, c.network)
		}
	}
	return nodes
}

// isDone reports whether all candidates of the window have replied or cannot be queried any more.
func (s *shortlist) isDone(k int) bool {
	done := true
	s.window(k, countOne, func(c *candidate) {
		if c.status != replied && (c.status != heard || s.queried < maxQueried) {
			done = false
		}
	})
	return done
}
