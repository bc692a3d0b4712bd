package lookup

import (
	"cmp"
	"net/netip"
	"slices"

	"dhtop/dhtcore/wire"
)

// address is what a lookup knows of one address. Others may name it under many IDs, of which one at most is true. So
// each name is a candidate, but the address has one place in a window, with its closest usable name, and is asked
// once, whichever name brings that about: its reply says which ID is true. A false name that is close to the target
// has us ask early, and can neither keep us from asking nor from counting the node under its true ID.
type address struct {
	names    []*candidate // at most maxNames
	asked    int          // times; at most maxAsked
	answered bool
	id       wire.ID // the one that it answered under last
}

// The bounds of what names can do to an address.
const (
	maxNames = 8
	maxAsked = 2 // the second time under the ID that it answered under, when that is named only afterwards
)

// address returns what is known of an address, a fresh one if nobody named it before.
func (s *shortlist) address(addr netip.AddrPort) *address {
	if a := s.addresses[addr]; a != nil {
		return a
	}
	return new(address)
}

// mayAsk reports whether to ask the address under the name id.
func (a *address) mayAsk(id wire.ID) bool {
	return a.asked == 0 || a.asked < maxAsked && a.answered && a.id == id
}

// worthNaming reports whether another name of the address may be of use.
func (a *address) worthNaming(id wire.ID) bool {
	return a.mayAsk(id) || !a.answered && slices.ContainsFunc(a.names, func(c *candidate) bool { return c.inFlight() || c.status == chosen })
}

// named returns the candidate that names the address id, nil if there is none.
func (a *address) named(id wire.ID) *candidate {
	for _, c := range a.names {
		if c.step.ID == id {
			return c
		}
	}
	return nil
}

// surplus returns the name to drop for another one: nobody's that is believed first, then the farthest from target.
func (a *address) surplus(target wire.ID) *candidate {
	return slices.MaxFunc(a.names, func(x, y *candidate) int {
		return cmp.Or(compareBool(x.status == heard, y.status == heard), compareBool(x.distrusted(), y.distrusted()),
			wire.CompareDistance(target, x.step.ID, y.step.ID))
	})
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// judgeOthers counts with the referrers of all other names of the address of c that they were of no use.
func (c *candidate) judgeOthers() {
	for _, other := range c.at.names {
		if other != c {
			other.judge(false)
		}
	}
}

// resolve takes in that the address of c answered under an ID, and returns the candidate that the reply belongs to: c
// itself, unless others have named the address with that ID.
func (l *Lookup) resolve(c *candidate, id wire.ID) *candidate {
	c.at.answered, c.at.id = true, id
	other := c.at.named(id)
	if other == nil || other == c || other.status != heard {
		return c
	}
	l.cfg.Shared.Lied(c.step.Contact)
	other.status, other.step.Asked = c.status, c.step.Asked
	c.become(lied)
	l.queried[slices.Index(l.queried, c)] = other // one query is one step
	return other
}
