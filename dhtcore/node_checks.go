package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// NodeChecks are how many nodes were asked for the doctor, by what is known of them, and how many replied. Nodes of a local
// network are not counted. The zero value is nothing asked, or not for the doctor.
type NodeChecks struct {
	Lately, LatelyReplied int // that replied to an earlier run, within a day
	Old, OldReplied       int // that did so before, or nobody knows when
	Named, NamedReplied   int // that were not known before this run: others have named them
}

// What the numbers of NodeChecks show. Of nodes that others name about half reply, of those that did within a day more.
const (
	enoughChecked = 50  // nodes of an earlier run, from which on their silence says something
	enoughNamed   = 10  // the same of named ones, where those of an earlier run are silent as well
	manyNamed     = 40  // the same without any of an earlier run
	fewNamed      = 0.1 // of the named ones that reply: fewer than dead contacts explain
	oldTable      = 0.2 // of the nodes of an earlier run that reply: fewer are an old table, where the named ones do reply
)

// Filtered reports whether somebody on the way drops what nodes send: nearly all are silent, even those of which that cannot
// be their age. Where nobody replies at all there is no network.
func (n *NodeChecks) Filtered() bool {
	lately := n.Lately >= enoughChecked && below(n.LatelyReplied, n.Lately, filteredBelow)
	switch {
	case lately:
		return n.Named < enoughNamed || below(n.NamedReplied, n.Named, fewNamed)
	case n.Lately < enoughChecked:
		return n.Named >= manyNamed && below(n.NamedReplied, n.Named, filteredBelow)
	}
	return false
}

// Outdated reports whether the silence of many is that of a saved table whose nodes have gone.
func (n *NodeChecks) Outdated() bool {
	saved, replied := n.Lately+n.Old, n.LatelyReplied+n.OldReplied
	return saved > 0 && below(replied, saved, oldTable) && n.Named >= enoughNamed && !below(n.NamedReplied, n.Named, oldTable)
}

// below reports whether less than a share of some replied.
func below(replied, of int, share float64) bool { return float64(replied) < share*float64(of) }

// The bounds of what is asked for the doctor, and for how long it is waited.
const (
	maxChecked   = 200  // nodes of an earlier run
	maxRemember  = 2000 // nodes whose replies are remembered
	lately       = 24 * time.Hour
	checkTimeout = 3 * time.Second
)

// nodeChecks are what became of the nodes that an identity has asked in this run. mu guards replied.
type nodeChecks struct {
	saved map[netip.AddrPort]savedNode // of an earlier run; nobody changes it

	mu      sync.Mutex
	replied map[netip.AddrPort]bool // by who was asked
}

func newNodeChecks(saved []savedNode) *nodeChecks {
	c := &nodeChecks{saved: make(map[netip.AddrPort]savedNode, len(saved)), replied: make(map[netip.AddrPort]bool)}
	for _, s := range saved {
		c.saved[s.Addr] = s
	}
	return c
}

// note takes in what became of a query. A nil nodeChecks takes in nothing.
func (c *nodeChecks) note(addr netip.AddrPort, err error) {
	var refused *wire.Error
	replied := err == nil || errors.As(err, &refused) || errors.Is(err, wire.ErrInvalid)
	if c == nil || !replied && !errors.Is(err, node.ErrTimeout) || wire.Local(addr.Addr()) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, known := c.replied[addr]; known || len(c.replied) < maxRemember {
		c.replied[addr] = before || replied
	}
}

// add adds what has been noted to n.
func (c *nodeChecks) add(n *NodeChecks, now time.Time) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for addr, replied := range c.replied {
		asked, answered := &n.Named, &n.NamedReplied
		if s, known := c.saved[addr]; known {
			asked, answered = &n.Old, &n.OldReplied
			if s.isRecent(now) {
				asked, answered = &n.Lately, &n.LatelyReplied
			}
		}
		if *asked++; replied {
			*answered++
		}
	}
}

// isRecent reports whether a node replied within a day.
func (s *savedNode) isRecent(now time.Time) bool {
	return !s.LastReply.IsZero() && now.Sub(s.LastReply) < lately
}

// recent are the nodes of an earlier run that replied last, at most maxChecked.
func (c *nodeChecks) recent(now time.Time) (list []savedNode) {
	for _, s := range c.saved {
		if s.isRecent(now) && !wire.Local(s.Addr.Addr()) {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b savedNode) int { return b.LastReply.Compare(a.LastReply) })
	return list[:min(len(list), maxChecked)]
}

// examine asks the nodes of an earlier run that replied last, within the limits, so that the doctor can tell within seconds
// whether a filter keeps them silent. What becomes of the others that are asked, to join, is noted by the way.
func (v *vantage) examine(ctx context.Context) {
	var asking sync.WaitGroup
	defer asking.Wait()
	for _, s := range v.checks.recent(time.Now()) {
		to := wire.Contact{ID: s.ID, Addr: s.Addr}
		if v.Admit(ctx, to.Addr) != nil {
			if ctx.Err() != nil {
				return
			}
			continue
		}
		asking.Go(func() {
			within, cancel := context.WithTimeout(ctx, checkTimeout)
			defer cancel()
			if _, err := v.Ask(within, to, wire.Query{Method: wire.Ping}); errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				v.checks.note(to.Addr, node.ErrTimeout)
			}
		})
	}
}

// sentence says how many reply.
func (n *NodeChecks) sentence() string {
	saved, replied := n.Lately, n.LatelyReplied
	text := "of %s that replied within a day before"
	if n.Lately < enoughChecked && n.Old > 0 {
		saved, replied, text = n.Lately+n.Old, n.LatelyReplied+n.OldReplied, "of %s of an earlier run"
	}
	var parts []string
	if saved > 0 {
		parts = append(parts, fmt.Sprintf(text, human.Amount(saved, "node", "nodes"))+" "+human.Count(replied)+" "+human.Plural(replied, "replies", "reply")+" now")
	}
	if n.Named > 0 {
		parts = append(parts, fmt.Sprintf("of %s that others name %s %s", human.Count(n.Named), human.Count(n.NamedReplied), human.Plural(n.NamedReplied, "does", "do")))
	}
	return strings.Join(parts, ", ")
}
