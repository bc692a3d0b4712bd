package api

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/views/report"
	"dhtop/views/screen"
)

// maxNodes is how many nodes there can be: tables of all identities over both families hold fewer.
const maxNodes = 100_000

// nodeSort is what nodes can be sorted by.
type nodeSort struct {
	name    string
	by      int  // an order of the node list
	up      bool // that order has the least or the earliest first
	ascends bool // so has this one without order=
}

// nodeSorts are all, the first one where the request does not say.
var nodeSorts = []nodeSort{
	{name: "distance", by: screen.NodesByDistance},
	{name: "first_seen", by: screen.NodesByAge, up: true},
	{name: "last_seen", by: screen.NodesBySeen},
	{name: "rtt_ms", by: screen.NodesByRTT, up: true, ascends: true},
	{name: "client", by: screen.NodesByClient, up: true, ascends: true},
	{name: "addr", by: screen.NodesByFamily, up: true, ascends: true},
}

func nodesParams() []param {
	names := make([]string, len(nodeSorts))
	for i := range nodeSorts {
		names[i] = nodeSorts[i].name
	}
	return []param{
		several("state", "nodes in these states alone", "good", "questionable", "bad", "replacement"),
		integer("identity", "those in the table of one identity of ours, from 1; 0 for all", 0, 2*dhtcore.MaxVantages, 0),
		choice("sort", "what to sort by; distance is measured from the identity that has the node in its table, one identity after the other", names...),
		direction("the direction; without it farthest first and latest first, but ascending for rtt_ms, client and addr"),
		filterParam("which nodes: the language of the screen's filters, as in rtt<100 client:LT"),
		integer("limit", "how many at most", 1, maxNodes, maxNodes),
	}
}

// nodes answers with the nodes in the routing tables.
func nodes(c *call) (status int, document any) {
	filter, err := screen.ParseNodeFilter(value[string](c, "filter"))
	if err != nil {
		return fail(badParam("filter", "filter: %s", err))
	}
	s, states, identity, limit := c.explorer.Snapshot(), value[[]string](c, "state"), value[int](c, "identity"), value[int](c, "limit")
	all := []report.Node{}
	for _, row := range screen.SortedNodes(s, filter, nodeOrder(c), c.options.Privacy()) {
		if identity != 0 && identity != row.Vantage+1 {
			continue
		}
		n := report.NewNode(row.TableNode, row.Vantage+1, s.At, c.options)
		if len(states) > 0 && !slices.Contains(states, n.State) {
			continue
		}
		if all = append(all, n); len(all) == limit {
			break
		}
	}
	return found(all)
}

// nodeOrder returns the order that a call asks for.
func nodeOrder(c *call) screen.Order {
	i := slices.IndexFunc(nodeSorts, func(o nodeSort) bool { return o.name == value[string](c, "sort") })
	o := nodeSorts[i]
	if order := value[string](c, "order"); order != "" {
		o.ascends = order == directions[true]
	}
	return screen.Order{By: o.by, Reverse: o.ascends != o.up}
}
