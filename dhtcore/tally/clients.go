package tally

import (
	"cmp"
	"slices"

	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/wire"
)

// Clients are the programs of the hosts that were seen in the last hour, by the "v" of their packets.
type Clients struct {
	Rows                   []ClientRow // the most common first, at most MaxClients; NoClient and OtherClients among them
	Askers, Repliers       int         // distinct hosts that queried us, and that replied to us
	AskerEach, ReplierEach int         // how many hosts each of those stands for that were kept: 1 where all were counted
}

// ClientRow is one program, in all its versions.
type ClientRow struct {
	Name             string          // printable: of a known program, or the two letters of another one
	Askers, Repliers int             // distinct hosts
	Versions         []ClientVersion // the most common first, at most MaxVersions
}

// ClientVersion is one version of a program.
type ClientVersion struct {
	Version          string // "" where the packets have none
	Askers, Repliers int
}

// The bounds of Clients.
const (
	MaxClients  = 40
	MaxVersions = 12
)

// The names of rows that are no program.
const (
	NoClient     = "none named" // the packets have no "v"
	OtherClients = "all others" // those that Rows has no room for
)

// CountClients groups hosts by their programs.
func CountClients(askers, repliers []hosts.Host, askerEach, replierEach int) Clients {
	c := Clients{Askers: len(askers) * askerEach, Repliers: len(repliers) * replierEach, AskerEach: askerEach, ReplierEach: replierEach}
	type counts struct{ askers, repliers int }
	versions := make(map[[4]byte]counts)
	for _, h := range askers {
		n := versions[h.Version]
		n.askers += askerEach
		versions[h.Version] = n
	}
	for _, h := range repliers {
		n := versions[h.Version]
		n.repliers += replierEach
		versions[h.Version] = n
	}
	place := make(map[string]int)
	for v, n := range versions {
		name, version := clientOf(v)
		at, known := place[name]
		if !known {
			at = len(c.Rows)
			place[name] = at
			c.Rows = append(c.Rows, ClientRow{Name: name})
		}
		r := &c.Rows[at]
		r.Askers += n.askers
		r.Repliers += n.repliers
		if name != NoClient {
			r.Versions = append(r.Versions, ClientVersion{version, n.askers, n.repliers})
		}
	}
	slices.SortFunc(c.Rows, func(a, b ClientRow) int {
		return cmp.Or(cmp.Compare(b.Askers+b.Repliers, a.Askers+a.Repliers), cmp.Compare(a.Name, b.Name))
	})
	if len(c.Rows) > MaxClients {
		others := ClientRow{Name: OtherClients}
		for _, r := range c.Rows[MaxClients-1:] {
			others.Askers += r.Askers
			others.Repliers += r.Repliers
		}
		c.Rows = append(c.Rows[:MaxClients-1:MaxClients-1], others)
	}
	for i := range c.Rows {
		r := &c.Rows[i]
		slices.SortFunc(r.Versions, func(a, b ClientVersion) int {
			return cmp.Or(cmp.Compare(b.Askers+b.Repliers, a.Askers+a.Repliers), cmp.Compare(a.Version, b.Version))
		})
		r.Versions = slices.Clip(r.Versions[:min(len(r.Versions), MaxVersions)])
	}
	return c
}

// clientOf is the program and the version that a BEP 5 version names.
func clientOf(v [4]byte) (name, version string) {
	switch {
	case v == [4]byte{}:
		return NoClient, ""
	case v[2] == 0 && v[3] == 0: // two letters and no version
		return wire.Client(string(v[:2]))
	default:
		return wire.Client(string(v[:]))
	}
}
