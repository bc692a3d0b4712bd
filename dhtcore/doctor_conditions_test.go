package dhtcore

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/node"
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
						if f.Verdict == doctor.Fail && (c.cause == "" && f.Name != "requests" || at < snapshot.FilterAfter) {
							t.Fatalf("after %s: %+v", at, f)
						}
					}
					time.Sleep(30 * time.Second)
				}
				f := finding(a.Snapshot(), c.finding)
				if f.Cause != c.cause || !strings.Contains(f.Text, c.text) || (c.cause != "") != (f.Verdict == doctor.Fail && f.Remedy != "") {
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
			s := &Snapshot{At: time.Now(), Started: time.Now().Add(-time.Hour), Phase: Serving, Outage: l.current()}
			s.Traffic.QueriesOut, s.Traffic.RepliesIn = 1000, 500
			if f := finding(s, "network"); f.Cause != c.cause || (c.cause != "") != strings.Contains(f.Text, "only 2 of the last") {
				t.Errorf("%s: %+v", c.what, f)
			}
		})
	}
}
