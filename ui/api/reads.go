package api

import (
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
