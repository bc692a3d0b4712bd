package api

import (
	"context"
	"net/http"
	"net/netip"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// The measures of pings.
const (
	maxPings  = 10                    // of one request: one a second
	lookAgain = 50 * time.Millisecond // how often it is looked whether they are done
)

// pingCommand is what POST /api/v1/ping takes.
type pingCommand struct {
	Addr  string      `json:"addr"`            // of a node, as ip:port
	ID    *dhtcore.ID `json:"id,omitempty"`    // that it should have; that of the routing table if it is left out
	Times int         `json:"times,omitempty"` // 1 to 10
}

// ping pings a node and answers when that is done.
func ping(c *call) (status int, document any) {
	order := pingCommand{Times: 1}
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	addr, err := netip.ParseAddrPort(order.Addr)
	switch {
	case err != nil || addr.Port() == 0:
		return fail(badParam("addr", "addr %.60q: want ip:port, or [ip6]:port", order.Addr))
	case order.Times < 1 || order.Times > maxPings:
		return fail(badParam("times", "times: want a number from 1 to %d", maxPings))
	case order.ID == nil:
		if order.ID = idAt(c.explorer.Snapshot(), addr); order.ID == nil {
			return fail(badParam("id", "no node at %s is in the routing table: pass its id", addr))
		}
	}
	v := c.explorer.NewViewer()
	defer v.Close()
	var pings *dhtcore.Pings
	err = c.waiting(time.Duration(order.Times+1)*5*time.Second, func(ctx context.Context) error {
		if err := v.StartPing(addr, *order.ID, order.Times); err != nil {
			return startProblem(err)
		}
		tick := time.NewTicker(lookAgain)
		defer tick.Stop()
		for pings == nil || pings.Running {
			select {
			case <-ctx.Done():
				return problemf(http.StatusGatewayTimeout, "the pings took too long: try again with fewer")
			case <-tick.C:
				pings = v.Snapshot().Pings
			}
		}
		return nil
	})
	if err != nil {
		return fail(err)
	}
	return found(report.NewPings(pings, c.options))
}

// idAt returns the ID of the node at an address of the routing tables, nil for none.
func idAt(s *dhtcore.Snapshot, addr netip.AddrPort) *dhtcore.ID {
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			if n := &s.Nodes[i].Contacts[j]; n.Addr == addr {
				return &n.ID
			}
		}
	}
	return nil
}
