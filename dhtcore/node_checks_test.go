package dhtcore

import (
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// savedNodes are count nodes of an earlier run, of which the given share are in the network of a test and the others are
// nowhere.
func savedNodes(a *away, count int, share float64, replied time.Time) (saved []savedNode) {
	there := a.network.Contacts()
	for i := range count {
		s := savedNode{ID: wire.RandomID(), Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{93, 185, byte(i >> 8), byte(i)}), 7000), LastReply: replied}
		if i < int(share*float64(count)) {
			s.ID, s.Addr = there[i].ID, there[i].Addr
		}
		saved = append(saved, s)
	}
	return saved
}

func TestTheDoctorTellsAFilterFromAnOldTableInSeconds(t *testing.T) {
	for _, c := range []struct {
		what    string
		passes  func(a *away) func(netip.Addr, bool) bool
		saved   int
		alive   float64       // of the saved nodes
		age     time.Duration // of their last replies
		verdict Verdict
		cause   Cause
		text    string
	}{
		{"a filter", oneOf, 200, 0.3, 10 * time.Hour, doctor.Fail, CauseFiltered, "of 200 nodes that replied within a day before"},
		{"a filter, without a table", oneOf, 0, 0, 0, doctor.OK, "", "connected"}, // too few were asked to say so
		{"an old table", everybody, 150, 0.02, 30 * 24 * time.Hour, doctor.OK, "", "connected"},
		{"a table of yesterday, nearly all gone", everybody, 150, 0.02, 20 * time.Hour, doctor.OK, "", "the saved table is old: of 150 nodes"},
		{"an ordinary network", everybody, 150, 0.4, 10 * time.Hour, doctor.OK, "", "connected"},
		{"no network", nobody, 150, 0.4, 10 * time.Hour, doctor.Fail, CauseNoNetwork, "repl"},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(noonUTC)) // a bubble begins in the year 2000
				a := startBehind(t, 60, func(a *away) func(node.Conn) node.Conn { return behind(c.passes(a)) }, func(a *away) {
					a.vantages.list[0].checks = newNodeChecks(savedNodes(a, c.saved, c.alive, noonUTC.Add(-c.age)))
				})
				time.Sleep(9 * time.Second)
				f := finding(a.Snapshot(), "network")
				if f.Verdict != c.verdict || f.Cause != c.cause || !strings.Contains(f.Text, c.text) || (f.Verdict == doctor.Fail) != (f.Remedy != "") {
					t.Errorf("%+v; %+v", f, a.Snapshot().Checkup.Nodes)
				}
			})
		})
	}
}

// everybody passes, nobody does, or the bootstrap hosts and one other node.
func everybody(*away) func(netip.Addr, bool) bool { return func(netip.Addr, bool) bool { return true } }
func nobody(*away) func(netip.Addr, bool) bool    { return func(netip.Addr, bool) bool { return false } }
func oneOf(a *away) func(netip.Addr, bool) bool {
	pass := map[netip.Addr]bool{a.network.Contacts()[5].Addr.Addr(): true}
	for _, host := range a.hosts {
		pass[netip.MustParseAddrPort(host).Addr()] = true
	}
	return func(from netip.Addr, _ bool) bool { return pass[from] }
}

func TestNoMoreThanTwoHundredNodesAreAskedForTheDoctorTheLatestFirst(t *testing.T) {
	var saved []savedNode
	for i := range 400 {
		saved = append(saved, savedNode{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{93, 185, byte(i >> 8), byte(i)}), 7000),
			LastReply: noonUTC.Add(-time.Duration(i) * 5 * time.Minute)})
	}
	saved = append(saved, savedNode{Addr: addrPort("93.186.0.1:1")}, savedNode{Addr: addrPort("10.0.0.1:1"), LastReply: noonUTC})
	got := newNodeChecks(saved).recent(noonUTC)
	if len(got) != maxChecked || got[0].Addr != saved[0].Addr || got[maxChecked-1].Addr != saved[maxChecked-1].Addr {
		t.Errorf("%d nodes: %+v", len(got), got[:1])
	}
}
