package dhtcore

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"

	"dhtop/dhtcore/geo"
	"dhtop/dhtcore/hosts"
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
	rows     [NetworkKinds]map[networkKey]*NetworkRow
}

// networkKey identifies a network of one kind.
type networkKey struct {
	prefix  netip.Prefix
	country string
	asn     uint32
}

// countNetworks groups the nodes of our tables, each distinct address once, and the hosts that queried us, of which each stands
// for each.
func countNetworks(nodes []netip.Addr, askers []hosts.Host, each int, places *geo.DB) Networks {
	t := networkTally{places: places, networks: Networks{Placed: places != nil}}
	for k := range t.rows {
		t.rows[k] = make(map[networkKey]*NetworkRow)
	}
	seen := make(map[netip.Addr]bool, len(nodes))
	for _, ip := range nodes {
		if ip = ip.Unmap(); !seen[ip] {
			seen[ip] = true
			t.networks.Nodes[FamilyOf(ip)]++
			t.add(ip, func(r *NetworkRow) { r.Nodes++ })
		}
	}
	for _, h := range askers {
		t.networks.Askers[FamilyOf(h.Addr)] += each
		t.add(h.Addr, func(r *NetworkRow) { r.Askers += each })
	}
	for k, rows := range t.rows {
		t.networks.Distinct[k] = len(rows)
		all := make([]NetworkRow, 0, len(rows))
		for _, r := range rows {
			all = append(all, *r)
		}
		slices.SortFunc(all, func(a, b NetworkRow) int {
			return cmp.Or(cmp.Compare(b.Nodes+b.Askers, a.Nodes+a.Askers), cmp.Compare(b.Askers, a.Askers),
				a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Place.Country, b.Place.Country), cmp.Compare(a.Place.ASN, b.Place.ASN))
		})
		t.networks.By[k] = slices.Clone(all[:min(len(all), MaxNetworks)])
	}
	return t.networks
}

// add counts one address in each network that it is in.
func (t *networkTally) add(ip netip.Addr, count func(*NetworkRow)) {
	place := t.places.Find(ip)
	kinds := [...]NetworkKind{IPv4By16, IPv4By24}
	if FamilyOf(ip) == IPv6 {
		kinds = [...]NetworkKind{IPv6By32, IPv6By48}
	}
	for _, k := range kinds {
		prefix, err := ip.Prefix(networkKinds[k].bits)
		if err == nil { // it always is
			count(t.row(k, networkKey{prefix: prefix}, NetworkRow{Prefix: prefix, Place: place}))
		}
	}
	if t.places != nil {
		count(t.row(ByCountry, networkKey{country: place.Country}, NetworkRow{Place: geo.Place{Country: place.Country, Name: place.Name}}))
		count(t.row(ByASN, networkKey{asn: place.ASN}, NetworkRow{Place: geo.Place{ASN: place.ASN, Org: place.Org, Country: place.Country, Name: place.Name}}))
	}
}

func (t *networkTally) row(k NetworkKind, key networkKey, fresh NetworkRow) *NetworkRow {
	r := t.rows[k][key]
	if r == nil {
		r = &fresh
		t.rows[k][key] = r
	}
	return r
}
