package doctor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// findingOf returns the one of a name; the zero value for none.
func findingOf(s *snapshot.Snapshot, name string) Finding {
	for _, f := range Diagnose(s) {
		if f.Name == name {
			return f
		}
	}
	return Finding{}
}

func TestTheDoctorsWordsAreAllDescribed(t *testing.T) {
	names := func(all []Word) (list []string) {
		for _, w := range all {
			list = append(list, w.Name)
		}
		return list
	}
	// Others build on these: add to them, and rename none.
	if got, want := strings.Join(names(Checks()), " "), "network hosts table port ipv6 address requests loss budget memory store disk clock "+
		"mapping sandbox recording guest terminal start"; got != want {
		t.Errorf("checks: %s", got)
	}
	if got, want := strings.Join(names(Causes()), " "), "no-network device-gone firewall udp-filtered overload dns port-closed mapped-unreachable "+
		"vpn-no-forwarding ipv6-firewalled carrier-nat double-nat no-public-address other-way-out symmetric-nat clock port-taken"; got != want {
		t.Errorf("causes: %s", got)
	}
	if got := strings.Join(verdicts[:], " "); got != "ok waiting fail" {
		t.Errorf("verdicts: %s", got)
	}
}

func TestTheDoctorNamesTheCauseOfWhatASnapshotShows(t *testing.T) {
	six := func(s *snapshot.Snapshot, last time.Time) {
		s.Nodes = append(s.Nodes, snapshot.Vantage{Family: wire.IPv6, Mode: node.ModeProving, Good: 60, LastStranger: last})
		s.Started = s.At.Add(-2 * time.Hour)
	}
	for _, c := range []struct {
		what    string
		harm    func(s *snapshot.Snapshot)
		finding string
		want    Verdict
		cause   Cause
	}{
		{"carrier NAT", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("100.70.3.4") }, "mapping", Fail, CauseCarrierNAT},
		{"double NAT", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("192.168.0.4") }, "mapping", Fail, CauseDoubleNAT},
		{"another way out", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("198.51.100.9") }, "mapping", Fail, CauseOtherWayOut},
		{"a VPN beside the router", func(s *snapshot.Snapshot) {
			s.PortMap.Routers[0].External, s.Checkup.Ways[0] = netip.MustParseAddr("198.51.100.9"), snapshot.WayOut{Device: "wg0", Tunnel: true}
		}, "mapping", Fail, CauseVPN},
		{"a port that another machine has", func(s *snapshot.Snapshot) { s.Nodes[0].Mapped = netip.MustParseAddrPort("203.0.113.7:6882") }, "mapping", Fail, CausePortTaken},
		{"a NAT that keeps no ports", func(s *snapshot.Snapshot) {
			s.Nodes[0].Mapped, s.Nodes[0].External = netip.MustParseAddrPort("203.0.113.7:6882"), netip.MustParseAddrPort("203.0.113.7:6882")
		}, "mapping", OK, ""},
		{"no public address", func(s *snapshot.Snapshot) {
			r := &s.PortMap.Routers[0]
			r.Phase, r.Private, r.External, r.Why = portmap.None, true, netip.Addr{}, "the router has no public address itself"
		}, "mapping", Fail, CauseNoPublicIP},
		{"carrier NAT and a port that nobody reaches", func(s *snapshot.Snapshot) {
			s.Nodes[0].LastStranger, s.PortMap.Routers[0].External = time.Time{}, netip.MustParseAddr("100.70.3.4")
		}, "port", Fail, CauseCarrierNAT},
		{"mapped and unreachable", func(s *snapshot.Snapshot) { s.Nodes[0].LastStranger = time.Time{} }, "port", Fail, CauseMapped},
		{"mapped and young", func(s *snapshot.Snapshot) { s.Nodes[0].LastStranger, s.Started = time.Time{}, s.At.Add(-time.Minute) }, "port", Waiting, ""},
		{"IPv6 firewalled", func(s *snapshot.Snapshot) { six(s, time.Time{}) }, "ipv6", Waiting, CauseIPv6},
		{"IPv6 open", func(s *snapshot.Snapshot) { six(s, noon) }, "ipv6", OK, ""},
		{"IPv6 young", func(s *snapshot.Snapshot) { six(s, time.Time{}); s.Started = s.At.Add(-time.Minute) }, "ipv6", Waiting, ""},
		{"DNS, with nodes of before", func(s *snapshot.Snapshot) {
			s.Checkup.Hosts = []snapshot.HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}}
		}, "hosts", Waiting, CauseDNS},
		{"what a VPN that is gone keeps from leaving", func(s *snapshot.Snapshot) {
			s.Outage.Kind, s.Traffic.SendFailed, s.Checkup.Refused = snapshot.DeviceGone, 3, s.At
		}, "loss", Fail, CauseDeviceGone},
		{"hosts behind a VPN that is gone", func(s *snapshot.Snapshot) {
			s.Outage.Kind, s.Checkup.Hosts = snapshot.DeviceGone, []snapshot.HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}}
		}, "hosts", Waiting, CauseDeviceGone},
		{"hosts that were not asked since", func(s *snapshot.Snapshot) { s.Checkup.Hosts = nil }, "hosts", OK, ""},
		{"a filter", func(s *snapshot.Snapshot) { s.Traffic.TimedOut, s.Traffic.RepliesIn = 992, 8 }, "network", Fail, CauseFiltered},
		{"an old table", func(s *snapshot.Snapshot) {
			s.Traffic.TimedOut, s.Traffic.RepliesIn, s.Started = 992, 8, s.At.Add(-20*time.Second)
		}, "network", Waiting, CauseFiltered},
		{"a clock", func(s *snapshot.Snapshot) { s.Checkup.Jump = -3 * time.Minute }, "clock", Waiting, CauseClock},
	} {
		s := mapped()
		s.Nodes[0].LastStranger = s.At
		c.harm(s)
		if f := findingOf(s, c.finding); f.Verdict != c.want || f.Cause != c.cause || (c.cause != "" && c.cause != CauseClock) && f.Remedy == "" {
			t.Errorf("%s: %+v", c.what, f)
		}
	}
}
