package lookup

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/wire"
)

// candidate is a node that a lookup knows of: an address under one of its names.
type candidate struct {
	step     Step // what State tells of it, once it was queried
	at       *address
	status   status
	rtt      time.Duration // known from before, or measured; 0 while unknown
	failures int           // in a row, in other lookups
	proven   bool          // it replied lately, in another lookup, and has not failed since
	asked    time.Duration // since the lookup started, the first time
	tries    int           // queries that are given up, as they or their replies may be lost
	token    []byte
	network  netip.Addr // its /24 or /64; invalid in local networks
	unproven bool       // a seed for which nobody vouches: it came by Config.More
	secure   bool       // its ID is valid for its address, or the address is exempt (BEP 42)
	reach    reach
	source   source

	referrers        []*candidate // the nodes that named it; none for a seed
	referredReplies  int          // of the contacts that it named itself
	referredFailures int          // of them: no reply in time, or a useless one
}

// status is how far a lookup has got with a candidate. It only grows.
type status uint8

const (
	heard       status = iota // named by a referrer or a seed, and no more
	chosen                    // the governor is asked to let a query go
	waiting                   // queried; its reply may come in time
	overdue                   // its timeout has passed and its slot is free; a late reply still counts
	replied                   // as expected
	unreachable               // it did not reply at all, or the query could not be sent
	lied                      // its reply was of no use
)

// stepStates is what the screens make of a status.
var stepStates = [...]StepState{heard: InFlight, chosen: InFlight, waiting: InFlight, overdue: InFlight,
	replied: Replied, unreachable: TimedOut, lied: Lied}

// become moves c on to a status.
func (c *candidate) become(s status) {
	c.status = s
	c.step.State = stepStates[s]
}

// inFlight reports whether a reply to its first query may still come.
func (c *candidate) inFlight() bool { return c.status == waiting || c.status == overdue }

// The bounds of what referrers can do.
const (
	maxReferrers       = 8
	failuresToDistrust = 4 // failed contacts of a referrer, at least and for each that replied
)

// newCandidate makes a candidate of a contact named by referrer, nil for a seed.
func (l *Lookup) newCandidate(contact wire.Contact, referrer *candidate) *candidate {
	c := &candidate{step: Step{Contact: contact, Bits: wire.SharedBits(l.cfg.Target, contact.ID), Round: 1}}
	c.at = l.shortlist(contact).address(contact.Addr)
	c.secure = wire.Secure(contact.ID, contact.Addr.Addr())
	c.rtt, c.failures = l.cfg.Shared.recall(contact)
	c.proven = c.rtt > 0 && c.failures == 0
	if network, limited := wire.Subnet(contact.Addr.Addr()); limited {
		c.network = network
	}
	if referrer != nil {
		c.step.Referrer, c.step.Round = referrer.step.ID, referrer.step.Round+1
	}
	c.addReferrer(referrer)
	return c
}

// isSeed reports whether c was known before the lookup: no referrer vouches for it.
func (c *candidate) isSeed() bool { return len(c.referrers) == 0 }

// addReferrer notes that referrer, unless it is nil, named c. The nodes of one network count as one: they
// may be one operator's.
func (c *candidate) addReferrer(referrer *candidate) {
	if referrer == nil || slices.ContainsFunc(c.referrers, func(r *candidate) bool {
		return r == referrer || r.network.IsValid() && r.network == referrer.network
	}) {
		return
	}
	c.step.Referrers++
	if len(c.referrers) < maxReferrers {
		c.referrers = append(c.referrers, referrer)
	}
}

// judgeReferrers counts with the referrers of c, and with Shared, whether it replied.
func (l *Lookup) judgeReferrers(c *candidate, replied bool) {
	if !c.isSeed() {
		l.cfg.Shared.countReferral(replied)
	}
	c.judge(replied)
}

// judge counts with the referrers of c whether it replied.
func (c *candidate) judge(replied bool) {
	for _, r := range c.referrers {
		if replied {
			r.referredReplies++
		} else {
			r.referredFailures++
		}
	}
}

// distrusted reports whether hardly any contact of any referrer of c replies.
func (c *candidate) distrusted() bool {
	for _, r := range c.referrers {
		if r.referredFailures < failuresToDistrust || r.referredFailures <= failuresToDistrust*r.referredReplies {
			return false
		}
	}
	return !c.isSeed()
}
