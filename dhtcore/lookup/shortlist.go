package lookup

import (
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// shortlist holds candidates of one address family, closest to the target first (the Kademlia paper's word).
// There are two of each family. One has all candidates. The other has those whose ID is valid for their
// address (BEP 42): IDs that are not can be made for any target, and a few of them closer than everybody else
// would end the lookup and take every announce.
type shortlist struct {
	*acquaintances
	secure  bool       // only candidates with a valid ID
	all     *shortlist // of a shortlist of valid ones: that of all candidates
	sorted  []*candidate
	queried int // candidates that it chose
	horizon horizon
}

// acquaintances is what the two shortlists of a family share.
type acquaintances struct {
	family    wire.Family
	known     map[wire.Contact]*candidate
	addresses map[netip.AddrPort]*address
	replied   map[wire.ID]bool

	tries     int                // that a node gets: see Shared.tries
	insecure  bool               // there are candidates without a valid ID
	queriedIn map[netip.Addr]int // candidates by network
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

// shortlists are the two of each family: those of all candidates by family, then those of valid ones.
type shortlists [2 * wire.Families]shortlist

func newShortlists() *shortlists {
	s := new(shortlists)
	for family := range wire.Families {
		known := &acquaintances{
			family:    family,
			tries:     1,
			known:     make(map[wire.Contact]*candidate),
			addresses: make(map[netip.AddrPort]*address),
			replied:   make(map[wire.ID]bool),
			queriedIn: make(map[netip.Addr]int),
		}
		s[family] = shortlist{acquaintances: known}
		s[wire.Families+family] = shortlist{acquaintances: known, secure: true, all: &s[family]}
	}
	return s
}

// all returns the shortlists of all candidates, by family.
func (s *shortlists) all() []shortlist { return s[:wire.Families] }

// valid returns the shortlist of a family's candidates with a valid ID.
func (s *shortlists) valid(family wire.Family) *shortlist { return &s[wire.Families+family] }

// shortlist returns the shortlist of all candidates of the address family of a contact.
func (l *Lookup) shortlist(c wire.Contact) *shortlist { return &l.shortlists[familyOf(c)] }

// learn adds a contact named by referrer (nil for a seed) to the shortlist of its family, unless it is us,
// unusable or not believed. mu is held.
func (l *Lookup) learn(contact wire.Contact, referrer *candidate) {
	if l.cfg.Families != 0 && l.cfg.Families&familyOf(contact).Want() == 0 {
		return
	}
	if !canAsk(contact, l.cfg.Self) {
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
	if referrer != nil {
		l.cfg.Shared.Named(contact)
	}
	c := l.newCandidate(contact, referrer)
	if !c.at.worthNaming(contact.ID) {
		return
	}
	l.enter(c)
}

// canAsk reports whether a query can be sent to a contact that is not one of ourselves.
func canAsk(c wire.Contact, self []wire.ID) bool {
	return !slices.Contains(self, c.ID) && wire.Routable(c.Addr.Addr()) && c.Addr.Port() != 0
}

// enter enters c in the shortlists that have room for it. Of too many names of one address it drops one.
func (l *Lookup) enter(c *candidate) {
	all := l.shortlist(c.step.Contact)
	entered := all.insert(l.cfg.Target, c)
	if c.secure {
		entered = l.shortlists.valid(all.family).insert(l.cfg.Target, c) || entered
	} else {
		all.insecure = true
	}
	if !entered {
		return
	}
	all.known[c.step.Contact], all.addresses[c.step.Addr] = c, c.at
	if c.at.names = append(c.at.names, c); len(c.at.names) > maxNames {
		surplus := c.at.surplus(l.cfg.Target)
		all.remove(surplus)
		l.shortlists.valid(all.family).remove(surplus)
		all.forget(surplus)
	}
}

// insert enters c, and reports whether it did: not if the shortlist is full of closer ones or has enough addresses of
// its ID.
func (s *shortlist) insert(target wire.ID, c *candidate) bool {
	at, _ := slices.BinarySearchFunc(s.sorted, c.step.ID, func(a *candidate, id wire.ID) int {
		return wire.CompareDistance(target, a.step.ID, id)
	})
	if at >= maxKnown || at+perID <= len(s.sorted) && s.sorted[at+perID-1].step.ID == c.step.ID {
		return false
	}
	s.sorted = slices.Insert(s.sorted, at, c)
	if last := len(s.sorted) - 1; last == maxKnown {
		dropped := s.sorted[last]
		s.sorted = s.sorted[:last]
		if dropped.secure == s.secure { // else the other shortlist still has it
			s.forget(dropped)
		}
	}
	return true
}

func (s *shortlist) remove(c *candidate) {
	s.sorted = slices.DeleteFunc(s.sorted, func(other *candidate) bool { return other == c })
}

// forget forgets a candidate that has left the shortlists. Its address is remembered if it was asked.
func (a *acquaintances) forget(c *candidate) {
	c.at.names = slices.DeleteFunc(c.at.names, func(other *candidate) bool { return other == c })
	delete(a.known, c.step.Contact)
	if len(c.at.names) == 0 && c.at.asked == 0 {
		delete(a.addresses, c.step.Addr)
	}
}

// window visits the candidates that the lookup works on: the closest usable ones whose weights add up to
// k, each address once, at most perNetwork of one network. While every candidate has a valid ID, the shortlist of
// valid ones has no work of its own. Where it is crowded out it works on twice as many.
func (s *shortlist) window(k int, weight func(*candidate) float64, visit func(*candidate)) {
	if s.secure && !s.insecure {
		return
	}
	var room [4 * DefaultK]netip.Addr
	networks := room[:0]
	var place [4 * DefaultK]*address
	addresses := place[:0]
	left := float64(k)
	if s.crowded(k) {
		left *= 2
	}
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

// crowded reports whether most of the k closest nodes have no valid ID, in a shortlist of valid ones. Such nodes
// take the room of others in the replies of honest nodes too, which then name few that are new.
func (s *shortlist) crowded(k int) bool {
	if !s.secure {
		return false
	}
	closest, invalid := 0, 0
	for _, c := range s.all.sorted {
		if c.status != replied {
			continue
		}
		if !c.secure {
			invalid++
		}
		if closest++; closest == k {
			break
		}
	}
	return 2*invalid > k
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
			(c.failures < maxFailures*s.tries || c.isSeed() && !c.unproven) // the caller's word outweighs a failure
	}
	return false
}

// closest returns the k closest nodes of each family that replied and are ok, and the k closest of them with a valid
// ID, sorted by their distance within the family. mu is held.
func (l *Lookup) closest(ok func(*candidate) bool) (nodes []*candidate) {
	for _, all := range l.shortlists.all() {
		chosen := all.closestWith(l.cfg.K, ok)
		for _, c := range l.shortlists.valid(all.family).closestWith(l.cfg.K, ok) {
			if !slices.Contains(chosen, c) {
				chosen = append(chosen, c)
			}
		}
		slices.SortFunc(chosen, func(a, b *candidate) int {
			return wire.CompareDistance(l.cfg.Target, a.step.ID, b.step.ID)
		})
		nodes = append(nodes, chosen...)
	}
	return nodes
}

// anyNode is ok with every candidate.
func anyNode(*candidate) bool { return true }

// closest returns the k closest nodes that replied, at most perNetwork of one network.
func (s *shortlist) closest(k int) []*candidate { return s.closestWith(k, anyNode) }

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
