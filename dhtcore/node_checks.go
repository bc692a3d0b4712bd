package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

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
