package dhtcore

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/snapshot"
)

// router is the network in memory as a node has it that is behind a router: it lets in what passes says, of the addresses
// that the node has sent to and of others. mu guards what follows it.
type router struct {
	node.Conn
	passes func(from netip.Addr, asked bool) bool

	mu    sync.Mutex
	asked map[netip.Addr]bool
}

func (r *router) WriteBatch(ps []node.Packet) (int, error) {
	r.mu.Lock()
	for i := range ps {
		r.asked[ps[i].Addr.Addr()] = true
	}
	r.mu.Unlock()
	return r.Conn.WriteBatch(ps)
}

func (r *router) ReadBatch(ps []node.Packet) (int, error) {
	for {
		n, err := r.Conn.ReadBatch(ps[:1])
		if err != nil {
			return n, err
		}
		r.mu.Lock()
		ok := r.passes(ps[0].Addr.Addr(), r.asked[ps[0].Addr.Addr()])
		r.mu.Unlock()
		if ok {
			return n, nil
		}
	}
}

// behind makes a start with a socket behind a router.
func behind(passes func(from netip.Addr, asked bool) bool) func(node.Conn) node.Conn {
	return func(c node.Conn) node.Conn { return &router{Conn: c, passes: passes, asked: make(map[netip.Addr]bool)} }
}

// anybody passes to a machine with a public address.
func anybody(netip.Addr) func(netip.Addr, bool) bool {
	return func(netip.Addr, bool) bool { return true }
}

// onlyAsked pass a NAT or a stateful firewall.
func onlyAsked(netip.Addr) func(netip.Addr, bool) bool {
	return func(_ netip.Addr, asked bool) bool { return asked }
}

// strangerAsks has somebody ping the node whom it has never asked; the number makes the address.
func (a *away) strangerAsks(t *testing.T, number time.Duration) {
	t.Helper()
	i := int(number / time.Second)
	conn, err := a.mem.Listen(netip.AddrPortFrom(netip.AddrFrom4([4]byte{93, 184, byte(i >> 8), byte(i)}), 7000))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ping := []byte("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe")
	if _, err := conn.WriteBatch([]node.Packet{{Buf: ping, Addr: home}}); err != nil {
		t.Fatal(err)
	}
}

// finding returns the one of a name; the zero value for none.
func finding(s *Snapshot, name string) Finding {
	for _, f := range Diagnose(s) {
		if f.Name == name {
			return f
		}
	}
	return Finding{}
}

func TestTheDoctorNamesTheCauseOfAClosedPort(t *testing.T) {
	vpn := WayOut{Device: "wg0", Tunnel: true}
	for _, c := range []struct {
		what    string
		passes  func(host netip.Addr) func(netip.Addr, bool) bool
		way     WayOut
		finding string
		cause   Cause
		text    string
	}{
		{"a healthy node", anybody, WayOut{Device: "eth0"}, "port", "", "is reachable"},
		{"a VPN that forwards the port", anybody, vpn, "port", "", "is reachable"},
		{"a NAT", onlyAsked, WayOut{Device: "eth0"}, "port", CauseClosed, "UDP port 6881"},
		{"a VPN that forwards no port", onlyAsked, vpn, "port", CauseVPN, "wg0, a VPN"},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(noonUTC)) // a bubble begins in the year 2000
				a := startBehind(t, 40, func(a *away) func(node.Conn) node.Conn {
					return behind(c.passes(netip.MustParseAddrPort(a.hosts[0]).Addr()))
				}, func(a *away) { a.checker.wayOut = func(Family) WayOut { return c.way } })
				for at := time.Duration(0); at <= FirstRequest; at += 30 * time.Second {
					a.strangerAsks(t, at)
					for _, f := range Diagnose(a.Snapshot()) {
						if f.Verdict == VerdictFail && (c.cause == "" && f.Name != "requests" || at < snapshot.FilterAfter) {
							t.Fatalf("after %s: %+v", at, f)
						}
					}
					time.Sleep(30 * time.Second)
				}
				f := finding(a.Snapshot(), c.finding)
				if f.Cause != c.cause || !strings.Contains(f.Text, c.text) || (c.cause != "") != (f.Verdict == VerdictFail && f.Remedy != "") {
					t.Errorf("%+v, want %q and %q", f, c.cause, c.text)
				}
			})
		})
	}
}

func TestATunnelIsToldFromALine(t *testing.T) {
	for name, want := range map[string]bool{"wg0": true, "tun0": true, "utun4": true, "tailscale0": true, "ProtonVPN": true, "proton0": true,
		"eth0": false, "wlp3s0": false, "ppp0": false, "wwan0": false, "lo": false, "sit0": false, "en0": false} {
		flags := net.FlagUp
		if strings.HasPrefix(name, "ppp") || want {
			flags |= net.FlagPointToPoint
		}
		if got := isTunnel(name, flags); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if way := wayOut(IPv4, nil); way.Tunnel && way.Device == "" {
		t.Errorf("%+v", way)
	}
}

func TestAnAddressOfNobodyIsNoAnswerOfTheDNS(t *testing.T) {
	nobody, somebody := netip.IPv4Unspecified(), netip.MustParseAddr("203.0.113.7")
	for _, c := range []struct {
		host string
		ips  []netip.Addr
		want bool
	}{
		{"a.example", []netip.Addr{nobody, netip.IPv6Unspecified()}, true}, {"a.example", []netip.Addr{nobody, somebody}, false},
		{"a.example", nil, false}, {"0.0.0.0", []netip.Addr{nobody}, false},
	} {
		if got := isBlocked(c.host, c.ips); got != c.want {
			t.Errorf("%s %v: %v", c.host, c.ips, got)
		}
	}
}

// Who replies is asked again, who is silent is not: few queries an hour show a filter by the nodes alone.
func TestAFilterIsNoticedByTheNodesThatAreSilent(t *testing.T) {
	for _, c := range []struct {
		what  string
		every int // so many of the nodes reply
		cause Cause
	}{{"half of them reply", 2, ""}, {"a tenth replies", 10, ""}, {"1 % replies", 100, CauseFiltered}} {
		synctest.Test(t, func(t *testing.T) {
			l, stats := &link{}, node.Stats{}
			for i := range 200 {
				err := node.ErrTimeout
				if stats.QueriesOut++; i%c.every == 0 {
					err = nil
					stats.QueriesOut, stats.RepliesIn = stats.QueriesOut+20, stats.RepliesIn+21
				}
				l.asked(netip.AddrPortFrom(netip.AddrFrom4([4]byte{93, 184, 1, byte(i)}), 7000), err)
				time.Sleep(time.Second)
				l.count(stats, time.Now())
				l.filter(time.Now())
				if o := l.current(); i < 60 && o.Kind != NoOutage {
					t.Fatalf("%s: after %d s: %+v", c.what, i, o)
				}
			}
			s := healthy()
			s.Outage = l.current()
			if f := finding(s, "network"); f.Cause != c.cause || (c.cause != "") != strings.Contains(f.Text, "only 2 of the last") {
				t.Errorf("%s: %+v", c.what, f)
			}
		})
	}
}

func TestTheDoctorsWordsAreAllDescribed(t *testing.T) {
	names := func(all []Word) (list []string) {
		for _, w := range all {
			list = append(list, w.Name)
		}
		return list
	}
	// Others build on these: add to them, and rename none.
	if got, want := strings.Join(names(DoctorChecks()), " "), "network hosts table port ipv6 address requests loss budget memory store disk clock "+
		"mapping sandbox recording guest terminal start"; got != want {
		t.Errorf("checks: %s", got)
	}
	if got, want := strings.Join(names(DoctorCauses()), " "), "no-network device-gone firewall udp-filtered overload dns port-closed mapped-unreachable "+
		"vpn-no-forwarding ipv6-firewalled carrier-nat double-nat no-public-address other-way-out symmetric-nat clock port-taken"; got != want {
		t.Errorf("causes: %s", got)
	}
	if got := strings.Join(verdicts[:], " "); got != "ok waiting fail" {
		t.Errorf("verdicts: %s", got)
	}
}

func TestTheDoctorNamesTheCauseOfWhatASnapshotShows(t *testing.T) {
	six := func(s *Snapshot, last time.Time) {
		s.Nodes = append(s.Nodes, Vantage{Family: IPv6, Mode: ModeProving, Good: 60, LastStranger: last})
		s.Started = s.At.Add(-2 * time.Hour)
	}
	for _, c := range []struct {
		what    string
		harm    func(s *Snapshot)
		finding string
		want    Verdict
		cause   Cause
	}{
		{"carrier NAT", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("100.70.3.4") }, "mapping", VerdictFail, CauseCarrierNAT},
		{"double NAT", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("192.168.0.4") }, "mapping", VerdictFail, CauseDoubleNAT},
		{"another way out", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("198.51.100.9") }, "mapping", VerdictFail, CauseOtherWayOut},
		{"a VPN beside the router", func(s *Snapshot) {
			s.PortMap.Routers[0].External, s.Checkup.Ways[0] = netip.MustParseAddr("198.51.100.9"), WayOut{Device: "wg0", Tunnel: true}
		}, "mapping", VerdictFail, CauseVPN},
		{"a port that another machine has", func(s *Snapshot) { s.Nodes[0].Mapped = netip.MustParseAddrPort("203.0.113.7:6882") }, "mapping", VerdictFail, CausePortTaken},
		{"a NAT that keeps no ports", func(s *Snapshot) {
			s.Nodes[0].Mapped, s.Nodes[0].External = netip.MustParseAddrPort("203.0.113.7:6882"), netip.MustParseAddrPort("203.0.113.7:6882")
		}, "mapping", VerdictOK, ""},
		{"no public address", func(s *Snapshot) {
			r := &s.PortMap.Routers[0]
			r.Phase, r.Private, r.External, r.Why = portmap.None, true, netip.Addr{}, "the router has no public address itself"
		}, "mapping", VerdictFail, CauseNoPublicIP},
		{"carrier NAT and a port that nobody reaches", func(s *Snapshot) {
			s.Nodes[0].LastStranger, s.PortMap.Routers[0].External = time.Time{}, netip.MustParseAddr("100.70.3.4")
		}, "port", VerdictFail, CauseCarrierNAT},
		{"mapped and unreachable", func(s *Snapshot) { s.Nodes[0].LastStranger = time.Time{} }, "port", VerdictFail, CauseMapped},
		{"mapped and young", func(s *Snapshot) { s.Nodes[0].LastStranger, s.Started = time.Time{}, s.At.Add(-time.Minute) }, "port", VerdictWaiting, ""},
		{"IPv6 firewalled", func(s *Snapshot) { six(s, time.Time{}) }, "ipv6", VerdictWaiting, CauseIPv6},
		{"IPv6 open", func(s *Snapshot) { six(s, noonUTC) }, "ipv6", VerdictOK, ""},
		{"IPv6 young", func(s *Snapshot) { six(s, time.Time{}); s.Started = s.At.Add(-time.Minute) }, "ipv6", VerdictWaiting, ""},
		{"DNS, with nodes of before", func(s *Snapshot) { s.Checkup.Hosts = []HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}} }, "hosts", VerdictWaiting, CauseDNS},
		{"what a VPN that is gone keeps from leaving", func(s *Snapshot) {
			s.Outage.Kind, s.Traffic.SendFailed, s.Checkup.Refused = DeviceGone, 3, s.At
		}, "loss", VerdictFail, CauseDeviceGone},
		{"hosts behind a VPN that is gone", func(s *Snapshot) {
			s.Outage.Kind, s.Checkup.Hosts = DeviceGone, []HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}}
		}, "hosts", VerdictWaiting, CauseDeviceGone},
		{"hosts that were not asked since", func(s *Snapshot) { s.Checkup.Hosts = nil }, "hosts", VerdictOK, ""},
		{"a filter", func(s *Snapshot) { s.Traffic.TimedOut, s.Traffic.RepliesIn = 992, 8 }, "network", VerdictFail, CauseFiltered},
		{"an old table", func(s *Snapshot) {
			s.Traffic.TimedOut, s.Traffic.RepliesIn, s.Started = 992, 8, s.At.Add(-20*time.Second)
		}, "network", VerdictWaiting, CauseFiltered},
		{"a clock", func(s *Snapshot) { s.Checkup.Jump = -3 * time.Minute }, "clock", VerdictWaiting, CauseClock},
	} {
		s := mapped()
		s.Nodes[0].LastStranger = s.At
		c.harm(s)
		if f := finding(s, c.finding); f.Verdict != c.want || f.Cause != c.cause || (c.cause != "" && c.cause != CauseClock) && f.Remedy == "" {
			t.Errorf("%s: %+v", c.what, f)
		}
	}
}
