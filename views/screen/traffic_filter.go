package screen

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
)

// clientColumns is what filters can ask of a client.
var clientColumns = filter.Table[dhtcore.ClientRow]{
	textColumn("client", "the program", func(dst []byte, r *dhtcore.ClientRow) []byte { return append(dst, r.Name...) }, "name"),
	numberColumn("replied", "hosts that replied to this node", func(r *dhtcore.ClientRow) int { return r.Repliers }),
	numberColumn("asked", "hosts that queried this node", func(r *dhtcore.ClientRow) int { return r.Askers }),
	textColumn("version", "any of its versions", func(dst []byte, r *dhtcore.ClientRow) []byte {
		for i := range r.Versions {
			dst = append(append(dst, r.Versions[i].Version...), ' ')
		}
		return dst
	}),
}

func siftClients(_ *State, s *dhtcore.Snapshot, passes func(*dhtcore.ClientRow) bool) {
	s.Tally.Clients.Rows = kept(s.Tally.Clients.Rows, passes)
}

// networkColumns is what filters can ask of a network.
var networkColumns = filter.Table[dhtcore.NetworkRow]{
	textColumn("network", "the prefix, country or AS", func(dst []byte, r *dhtcore.NetworkRow) []byte { return append(dst, r.Name()...) }, "net"),
	numberColumn("nodes", "addresses in our routing tables", func(r *dhtcore.NetworkRow) int { return r.Nodes }),
	numberColumn("askers", "hosts that queried this node", func(r *dhtcore.NetworkRow) int { return r.Askers }),
	textColumn("country", "its code", func(dst []byte, r *dhtcore.NetworkRow) []byte { return append(dst, r.Place.Country...) }),
	textColumn("where", "country, AS and operator", func(dst []byte, r *dhtcore.NetworkRow) []byte {
		return append(append(append(dst, r.Place.String()...), ' '), r.Place.Name+" "+r.Place.Org...)
	}, "org"),
	numberColumn("asn", "number of the AS", func(r *dhtcore.NetworkRow) int { return int(r.Place.ASN) }, "as"),
}

func siftNetworks(st *State, s *dhtcore.Snapshot, passes func(*dhtcore.NetworkRow) bool) {
	k := st.NetworkKind % dhtcore.NetworkKinds
	s.Tally.Networks.By[k] = slices.Clip(kept(s.Tally.Networks.By[k], passes))
}
