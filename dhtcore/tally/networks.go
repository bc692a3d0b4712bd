package tally

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/wire"
)

// Networks are the networks in which the nodes of our routing tables are, and the hosts that queried us in the last hour.
type Networks struct {
	By            [NetworkKinds][]NetworkRow // the largest first, at most MaxNetworks
	Distinct      [NetworkKinds]int          // how many networks there are with a node or an asker that was kept
	Nodes, Askers [2]int                     // distinct addresses, by Family
	Placed        bool                       // whether there are files that tell countries and AS numbers
}

// NetworkKind is what makes a network.
type NetworkKind uint8

// The kinds of networks. Countries and autonomous systems are of both families, and need Config.MMDB.
const (
	IPv4By16 NetworkKind = iota
	IPv4By24
	IPv6By32
	IPv6By48
	ByCountry
	ByASN
	NetworkKinds // how many there are
)

var networkKinds = [NetworkKinds]struct {
	name string
	bits int // of the prefix; 0 for none
}{{"/16", 16}, {"/24", 24}, {"/32", 32}, {"/48", 48}, {"country", 0}, {"AS", 0}}

// String returns the word for the kind: /16, /24, /32, /48, country or AS.
func (k NetworkKind) String() string { return networkKinds[k%NetworkKinds].name }

// NetworkRow is one network.
type NetworkRow struct {
	Prefix netip.Prefix // zero for a country or an autonomous system
	Place  geo.Place    // of an address in it; what the files say
	Nodes  int          // distinct addresses in our routing tables
	Askers int          // distinct hosts that queried us, estimated where there are more than hosts.Capacity
}

// MaxNetworks bounds the rows of one kind.
const MaxNetworks = 200

// Name is what the row stands for: 203.0.113.0/24, DE, AS24940.
func (r *NetworkRow) Name() string {
	switch {
	case r.Prefix.IsValid():
		return r.Prefix.String()
	case r.Place.ASN != 0:
		return "AS" + strconv.FormatUint(uint64(r.Place.ASN), 10)
	default:
		return cmp.Or(r.Place.Country, "unknown")
	}
}

// networkTally counts addresses by the networks of every kind.
type networkTally struct {
	networks Networks
	places   *geo.DB
	rows     [NetworkKinds][]NetworkRow
	prefixes map[netip.Prefix]int32 // the places of networks among the rows
	others   [NetworkKinds]map[placeKey]int32
}

// placeKey identifies a country or an autonomous system.
type placeKey struct {
	country string
	asn     uint32
}

// CountNetworks groups the nodes of our tables, each distinct address once, and the hosts that queried us, of which each stands
// for each.
func CountNetworks(nodes []netip.Addr, askers []hosts.Host, each int, places *geo.DB) Networks {
	t := networkTally{places: places, networks: Networks{Placed: !places.Empty()}, prefixes: make(map[netip.Prefix]int32, len(nodes)+len(askers))}
	t.others[ByCountry], t.others[ByASN] = make(map[placeKey]int32), make(map[placeKey]int32)
	seen := make(map[netip.Addr]bool, len(nodes))
	for _, ip := range nodes {
		if ip = ip.Unmap(); !seen[ip] {
			seen[ip] = true
			t.networks.Nodes[wire.FamilyOf(ip)]++
			t.add(ip, 1, 0)
		}
	}
	for i := range askers {
		t.networks.Askers[wire.FamilyOf(askers[i].Addr)] += each
		t.add(askers[i].Addr, 0, each)
	}
	for k, rows := range t.rows {
		t.networks.Distinct[k] = len(rows)
		slices.SortFunc(rows, func(a, b NetworkRow) int { return compareNetworks(&a, &b) })
		t.networks.By[k] = slices.Clone(rows[:min(len(rows), MaxNetworks)])
	}
	return t.networks
}

// compareNetworks puts the largest first.
func compareNetworks(a, b *NetworkRow) int {
	switch {
	case a.Nodes+a.Askers != b.Nodes+b.Askers:
		return cmp.Compare(b.Nodes+b.Askers, a.Nodes+a.Askers)
	case a.Askers != b.Askers:
		return cmp.Compare(b.Askers, a.Askers)
	case a.Prefix.IsValid():
		return a.Prefix.Addr().Compare(b.Prefix.Addr())
	case a.Place.ASN != b.Place.ASN:
		return cmp.Compare(a.Place.ASN, b.Place.ASN)
	default:
		return cmp.Compare(a.Place.Country, b.Place.Country)
	}
}

// add counts nodes and askers at an address, in each network that it is in.
func (t *networkTally) add(ip netip.Addr, nodes, askers int) {
	place := t.places.Find(ip)
	wide, narrow := IPv4By16, IPv4By24
	if wire.FamilyOf(ip) == wire.IPv6 {
		wide, narrow = IPv6By32, IPv6By48
	}
	for _, k := range [...]NetworkKind{wide, narrow} {
		prefix, err := ip.Prefix(networkKinds[k].bits)
		if err != nil {
			continue // it never is
		}
		at, known := t.prefixes[prefix]
		if !known {
			at = t.row(k, NetworkRow{Prefix: prefix, Place: place})
			t.prefixes[prefix] = at
		}
		t.rows[k][at].count(nodes, askers)
	}
	if !t.networks.Placed {
		return
	}
	t.addTo(ByCountry, placeKey{country: place.Country}, geo.Place{Country: place.Country, Name: place.Name}, nodes, askers)
	t.addTo(ByASN, placeKey{asn: place.ASN}, geo.Place{Country: place.Country, Name: place.Name, ASN: place.ASN, Org: place.Org}, nodes, askers)
}

// addTo counts nodes and askers in a country or an autonomous system.
func (t *networkTally) addTo(k NetworkKind, key placeKey, place geo.Place, nodes, askers int) {
	at, known := t.others[k][key]
	if !known {
		at = t.row(k, NetworkRow{Place: place})
		t.others[k][key] = at
	}
	t.rows[k][at].count(nodes, askers)
}

// row begins a network and returns its place among the rows.
func (t *networkTally) row(k NetworkKind, fresh NetworkRow) int32 {
	t.rows[k] = append(t.rows[k], fresh)
	return int32(len(t.rows[k]) - 1)
}

func (r *NetworkRow) count(nodes, askers int) {
	r.Nodes += nodes
	r.Askers += askers
}
