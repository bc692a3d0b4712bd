package lookup

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// shortlist holds the candidates of one address family, closest to the target first (the Kademlia paper's
// word).
type shortlist struct {
	family  wire.Family
	sorted  []*candidate
	known   map[wire.Contact]*candidate
	idAt    map[netip.AddrPort]wire.ID // the ID under which the node at an address replied
	asked   map[netip.AddrPort]bool    // addresses that were asked, under whatever ID
	replied map[wire.ID]bool
	horizon horizon

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
	s.idAt = make(map[netip.AddrPort]wire.ID)
	s.asked = make(map[netip.AddrPort]bool)
	s.replied = make(map[wire.ID]bool)
	s.queriedIn = make(map[netip.Addr]int)
}

// shortlist returns the shortlist of the address family of a contact.
func (l *Lookup) shortlist(c wire.Contact) *shortlist { return &l.shortlists[familyOf(c)] }

// learn adds a contact named by referrer (nil for a seed) to the shortlist of its family, unless it is us,
// unusable or not believed. mu is held.
func (l *Lookup) learn(contact wire.Contact, referrer *candidate) {
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
	if s.hasOtherID(contact) {
		return
	}
	s.insert(l.cfg.Target, l.newCandidate(contact, referrer))
}

// hasOtherID reports whether the node at the address of a contact replied under another ID.
func (s *shortlist) hasOtherID(contact wire.Contact) bool {
	id, known := s.idAt[contact.Addr]
	return known && id != contact.ID
}

// mayAsk reports whether to ask the address of a contact: once, under whatever ID, so that nobody can have us ask
// it many times by making up IDs; and once more under the ID under which it replied.
func (s *shortlist) mayAsk(contact wire.Contact) bool {
	if id, known := s.idAt[contact.Addr]; known {
		return id == contact.ID
	}
	return !s.asked[contact.Addr]
}

// insert enters c unless the shortlist is full of closer ones or has enough addresses of its ID.
func (s *shortlist) insert(target wire.ID, c *candidate) {
	at, _ := slices.BinarySearchFunc(s.sorted, c.step.ID, func(a *candidate, id wire.ID) int {
		return wire.CompareDistance(target, a.step.ID, id)
	})
	if at >= maxKnown || at+perID <= len(s.sorted) && s.sorted[at+perID-1].step.ID == c.step.ID {
		return
	}
	s.sorted = slices.Insert(s.sorted, at, c)
	s.known[c.step.Contact] = c
	if last := len(s.sorted) - 1; last == maxKnown {
		delete(s.known, s.sorted[last].step.Contact)
		s.sorted = s.sorted[:last]
	}
}

// window visits the candidates that the lookup works on: the closest usable ones whose weights add up to
// k, at most perNetwork of one network.
func (s *shortlist) window(k int, weight func(*candidate) float64, visit func(*candidate)) {
	var room [4 * DefaultK]netip.Addr
	networks := room[:0]
	left := float64(k)
	for _, c := range s.sorted {
		if left <= 0 {
			return
		}
		if !s.usable(c) || count(networks, c.network) >= perNetwork {
			continue
		}
		left -= weight(c)
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
		return s.mayAsk(c.step.Contact) && !s.replied[c.step.ID] && !c.distrusted() &&
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
