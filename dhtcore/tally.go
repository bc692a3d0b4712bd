package dhtcore

import (
	"net/netip"
	"time"

	"dhtop/dhtcore/tally"
)

// What is counted every few seconds, under the names that views and ui know it by.
type (
	Tally         = tally.Tally
	Clients       = tally.Clients
	ClientRow     = tally.ClientRow
	ClientVersion = tally.ClientVersion
	Networks      = tally.Networks
	NetworkKind   = tally.NetworkKind
	NetworkRow    = tally.NetworkRow
	Kept          = tally.Kept
)

// The kinds of networks, and the names of rows of Clients that are no program.
const (
	IPv4By16     = tally.IPv4By16
	IPv4By24     = tally.IPv4By24
	IPv6By32     = tally.IPv6By32
	IPv6By48     = tally.IPv6By48
	ByCountry    = tally.ByCountry
	ByASN        = tally.ByASN
	NetworkKinds = tally.NetworkKinds // how many there are
	NoClient     = tally.NoClient
	OtherClients = tally.OtherClients
)

// ExpireSteps are the times ahead for which Kept says what expires.
var ExpireSteps = tally.ExpireSteps

// addrs returns the addresses in the routing tables.
func (vs *vantages) addrs(now time.Time) (addrs []netip.Addr) {
	for _, v := range vs.list {
		_, table := v.Table(now)
		for i := range table {
			addrs = append(addrs, table[i].Addr.Addr())
		}
	}
	return addrs
}
