package api

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func stats(s *dhtcore.Snapshot, o report.Options) (status int, document any) {
	return found(report.NewStats(s, o))
}

func doctor(s *dhtcore.Snapshot, o report.Options) (status int, document any) {
	return found(report.NewDoctor(dhtcore.Diagnose(s), s, o))
}

// tables answers with the routing tables, one an identity.
func tables(s *dhtcore.Snapshot, o report.Options) (status int, document any) {
	all := make([]report.Table, len(s.Nodes))
	for i := range s.Nodes {
		all[i] = report.NewTable(&s.Nodes[i], o)
	}
	return found(all)
}

// maxNodes is how many nodes there can be: tables of all identities over both families hold fewer.
const maxNodes = 100_000

func nodesParams() []param {
	return []param{
		several("state", "nodes in these states alone", "good", "questionable", "bad", "replacement"),
		integer("identity", "those in the table of one identity of ours, from 1; 0 for all", 0, 2*dhtcore.MaxVantages, 0),
		integer("limit", "how many at most", 1, maxNodes, maxNodes),
	}
}

// nodes answers with the nodes in the routing tables.
func nodes(c *call) (status int, document any) {
	s, states, identity, limit := c.explorer.Snapshot(), value[[]string](c, "state"), value[int](c, "identity"), value[int](c, "limit")
	all := []report.Node{}
	for i := range s.Nodes {
		if identity != 0 && identity != i+1 {
			continue
		}
		for j := range s.Nodes[i].Contacts {
			n := report.NewNode(&s.Nodes[i].Contacts[j], i+1, s.At, c.options)
			if len(states) > 0 && !slices.Contains(states, n.State) {
				continue
			}
			if all = append(all, n); len(all) == limit {
				return found(all)
			}
		}
	}
	return found(all)
}

func lookupsParams() []param {
	return []param{
		infoHash("those of this hash alone"),
		choice("steps", "list every node that was asked", "no", "yes"),
		integer("limit", "how many at most", 1, dhtcore.MaxLookups, dhtcore.MaxLookups),
	}
}

// lookups answers with the lookups that are remembered.
func lookups(c *call) (status int, document any) {
	s, hash := c.explorer.Snapshot(), value[dhtcore.ID](c, "info_hash")
	o := c.options
	o.Steps = value[string](c, "steps") == "yes"
	all, told := []report.LookupRun{}, report.Lookups(s, o)
	for i := range told {
		l := &told[i]
		if !hash.Zero() && l.Target != hash {
			continue
		}
		if all = append(all, report.NewLookupRun(l, s.Metadata, o)); len(all) == value[int](c, "limit") {
			break
		}
	}
	return found(all)
}
