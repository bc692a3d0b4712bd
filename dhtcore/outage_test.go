package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/testnet"
)

var noonUTC = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var home = netip.MustParseAddrPort("81.2.69.160:6881")

// away is an Explorer on a network in memory that can be taken from it.
type away struct {
	*Explorer
	mem     *simnet.Memnet
	network *simnet.Network
	hosts   []string
}

// startAway runs test with an Explorer that configure has changed before it runs, in a synctest bubble.
func startAway(t *testing.T, nodes int, configure func(a *away)) (a *away) {
	t.Helper()
	return startBehind(t, nodes, func(*away) func(node.Conn) node.Conn { return func(c node.Conn) node.Conn { return c } }, configure)
}

// startBehind is startAway with what is between the sockets and the network.
func startBehind(t *testing.T, nodes int, between func(a *away) func(node.Conn) node.Conn, configure func(a *away)) (a *away) {
	t.Helper()
	a = &away{mem: simnet.NewMemnet(0, 1)}
	network, err := simnet.InMemory(simnet.Config{Nodes: nodes, Seed: 3, MinRTT: 20 * time.Millisecond,
		MaxRTT: 90 * time.Millisecond, Public: true}, a.mem)
	if err != nil {
		t.Fatal(err)
	}
	a.network, a.hosts = network, network.Bootstrap()
	wrap := between(a)
	a.Explorer, err = openOn(func(addr netip.AddrPort, _ int) (node.Conn, error) {
		conn, err := a.mem.Listen(addr)
		if err != nil {
			return nil, err
		}
		return wrap(conn), nil
	},
		Config{Bind: []netip.Addr{home.Addr()}, Port: home.Port(), Bootstrap: a.hosts})
	if err != nil {
		t.Fatal(err)
	}
	a.vantages.list[0].isLocal = func(netip.Addr) bool { return true }
	configure(a)
	ctx, cancel := context.WithCancel(context.Background())
	running := make(chan struct{}, 2)
	go func() { network.Run(ctx, testnet.Demand{}); running <- struct{}{} }()
	go func() {
		if err := a.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
		running <- struct{}{}
	}()
	t.Cleanup(func() { cancel(); <-running; <-running })
	return a
}

// until waits until a Snapshot satisfies ok and returns it, and how long that took.
func (a *away) until(t *testing.T, what string, limit time.Duration, ok func(*Snapshot) bool) (*Snapshot, time.Duration) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(250 * time.Millisecond) {
		s := a.Snapshot()
		if ok(s) {
			return s, time.Since(begun)
		}
		if time.Since(begun) > limit {
			t.Fatalf("no %s in %s: %s, outage %+v, notices %q", what, limit, s.Phase, s.Outage, s.Notices)
		}
	}
}

func (a *away) warned(text string) bool {
	events, _ := a.EventsAfter(nil, 0, 1<<14)
	for i := range events {
		if events[i].Kind == journal.Warning && strings.Contains(events[i].Text, text) {
			return true
		}
	}
	return false
}

func isOnline(s *Snapshot) bool {
	return s.Phase == Serving && s.Outage.Kind == NoOutage && s.Notice() == ""
}

// refuses is the error of a socket as Go gives it.
func refuses(errno syscall.Errno) error {
	return &net.OpError{Op: "write", Net: "udp4", Err: os.NewSyscallError("sendto", errno)}
}

func TestAnOutageIsNoticedWithItsReasonAndSoIsItsEnd(t *testing.T) {
	for _, c := range []struct {
		what   string
		err    error
		crawl  bool
		kind   OutageKind
		notice string
	}{
		{"the cable is out", refuses(syscall.ENETUNREACH), true, NoRoute, "no route over IPv4 (network is unreachable)"},
		{"the cable is out of an idle node", refuses(syscall.EHOSTUNREACH), false, NoRoute, "no route over IPv4"},
		{"a firewall refuses", refuses(syscall.EPERM), true, SendRefused, "firewall of this machine"},
		{"the bound address is gone", refuses(syscall.EINVAL), true, AddressGone, "--bind"},
		{"everything is silent", nil, true, Silent, "nodes asked replies over IPv4"},
		{"everything is silent around an idle node", nil, false, Silent, "lets UDP out"},
	} {
		t.Run(c.what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := startAway(t, 40, func(a *away) {
					a.vantages.list[0].isLocal = func(netip.Addr) bool { return c.kind != AddressGone }
				})
				a.until(t, "network", time.Minute, isOnline)
				a.SetCrawl(c.crawl)
				time.Sleep(time.Minute)
				before := a.Snapshot()
				if !isOnline(before) {
					t.Fatalf("with a network: %s, notices %q", before.Phase, before.Notices)
				}
				a.mem.Cut(home, c.err)
				s, took := a.until(t, "outage", 30*time.Second, func(s *Snapshot) bool { return s.Phase == Offline && s.Notice() != "" })
				if s.Outage.Kind != c.kind || !strings.HasPrefix(s.Notice(), "No network: ") || !strings.Contains(s.Notice(), c.notice) {
					t.Errorf("after %s: outage %+v, notices %q; want %q", took, s.Outage, s.Notices, c.notice)
				}
				if f := Diagnose(s)[0]; f.Verdict != doctor.Fail || f.Remedy == "" || !strings.Contains(f.Text, "no network") {
					t.Errorf("the doctor says %+v", f)
				}
				time.Sleep(10 * time.Minute)
				if s := a.Snapshot(); s.Phase != Offline || s.Nodes[0].Good+s.Nodes[0].Questionable < before.Nodes[0].Good/2 {
					t.Errorf("after 10 minutes: %s with %+v nodes; %d good before", s.Phase, s.Nodes[0].Good, before.Nodes[0].Good)
				}
				a.mem.Mend(home)
				if _, took = a.until(t, "end", 10*time.Second, isOnline); !a.warned("Back on the network after 10") {
					t.Errorf("after %s: the log does not say that it is back", took)
				}
				if l := a.Lookup(t.Context(), testnet.InfoHash(3, 0)); l.Err != "" || l.Replied == 0 {
					t.Errorf("a lookup after the outage: %q, %+v", l.Err, l.Round)
				}
			})
		})
	}
}

func TestAnIdleNodeHasNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		for range 120 {
			time.Sleep(30 * time.Second)
			if s := a.Snapshot(); !isOnline(s) {
				t.Fatalf("%s, notices %q", s.Phase, s.Notices)
			}
		}
	})
}

func TestALookupWithNobodyToAskFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 12, func(a *away) { a.mem.Cut(home, refuses(syscall.ENETUNREACH)) })
		a.until(t, "outage", 10*time.Second, func(s *Snapshot) bool { return s.Phase == Offline })
		l := a.Lookup(t.Context(), testnet.InfoHash(3, 0))
		if !strings.HasPrefix(l.Err, "nobody to ask: no route over IPv4") || !strings.Contains(l.Err, "Wi-Fi") {
			t.Errorf("the error is %q", l.Err)
		}
		events, _ := a.EventsAfter(nil, 0, 1<<10)
		if last := events[len(events)-1]; last.Kind != LookupDone || last.Text != l.Err {
			t.Errorf("the last event is %+v", last)
		}
	})
}

func TestALookupWithoutAnyReplyFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 40, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		a.mem.Cut(home, nil)
		if l := a.Lookup(t.Context(), testnet.InfoHash(3, 0)); !strings.HasPrefix(l.Err, "nobody replied: ") || l.Queries == 0 {
			t.Errorf("the error is %q, after %d queries", l.Err, l.Queries)
		}
	})
}

func TestTheNoticeSaysWhatIsWrongWithTheBootstrapHosts(t *testing.T) {
	gone := &net.DNSError{Err: "no such host", Name: "gone.example", IsNotFound: true}
	mute := &net.DNSError{Err: "read udp 192.0.2.1:5->192.0.2.2:53: i/o timeout", Name: "x", IsTimeout: true}
	cable := &net.DNSError{Err: "dial udp 192.0.2.2:53: connect: network is unreachable", Name: "x"}
	for _, c := range []struct {
		hosts string
		err   error
		kind  OutageKind
		want  string
	}{
		{"gone.example:6881", gone, NoDNS, "No network: cannot resolve the bootstrap host gone.example (there is no such host). "},
		{"a.example:1 b.example:1 c.example:1 d.example:1", cable, NoDNS, "No network: cannot resolve any of 4 bootstrap hosts (network is unreachable). "},
		{"a.example:1 b.example:1", mute, NoDNS, "No network: cannot resolve any of 2 bootstrap hosts (the DNS server does not reply). "},
		{"[2001:db8::1]:6881", nil, OtherFamily, "No network: the bootstrap host 2001:db8::1 has IPv6 addresses only. "},
		{"", nil, NoHosts, "No bootstrap hosts: waiting for others to find this node."},
	} {
		synctest.Test(t, func(t *testing.T) {
			a := startAway(t, 2, func(a *away) {
				a.joiner.hosts = strings.Fields(c.hosts)
				if c.err != nil {
					a.joiner.resolve = func(_ context.Context, hostport string, _ Family) ([]netip.AddrPort, error) {
						host, _, _ := net.SplitHostPort(hostport)
						return nil, &resolveError{host, c.err}
					}
				}
			})
			s, _ := a.until(t, "outage", 10*time.Second, func(s *Snapshot) bool { return s.Outage.Kind != NoOutage && s.Notice() != "" })
			if s.Outage.Kind != c.kind || !strings.HasPrefix(s.Notice(), c.want) || s.Outage.Remedy == "" || s.Phase != Offline {
				t.Errorf("%s: %s, %q; want %q", c.hosts, s.Phase, s.Notices, c.want)
			}
		})
	}
}

func TestTheNoticeCountsDownToTheNextAttempt(t *testing.T) {
	n := newNotices(journal.New(journal.DefaultSize))
	n.setNetwork(Outage{Kind: NoRoute, Since: noonUTC, Text: "no route", Remedy: "check the cable", NextTry: noonUTC.Add(14 * time.Second)}, noonUTC)
	for wait, want := range map[time.Duration]string{
		0: " Next try in 14 s.", 9 * time.Second: " Next try in 5 s.", 20 * time.Second: "",
	} {
		if all := n.all(noonUTC.Add(wait)); len(all) != 1 || all[0] != "No network: no route. Check the cable."+want {
			t.Errorf("after %s: %q", wait, all)
		}
	}
}

func TestRefusalsOfAnOutageAreForgottenWithIt(t *testing.T) {
	l, s := &link{}, node.Stats{RepliesIn: 1}
	l.count(s, noonUTC)
	s.SendFailed = 20
	l.count(s, noonUTC.Add(time.Second))
	if at := l.lastRefused(); !at.Equal(noonUTC.Add(time.Second)) {
		t.Errorf("refused at %s", at)
	}
	l.fail(Outage{Kind: DeviceGone}, noonUTC.Add(time.Second))
	s.RepliesIn++
	l.count(s, noonUTC.Add(2*time.Second))
	if at := l.lastRefused(); !at.IsZero() {
		t.Errorf("after the outage: refused at %s", at)
	}
}

func TestAShortOutageIsNotOverAfterNow(t *testing.T) {
	j := journal.New(journal.DefaultSize)
	n := newNotices(j)
	n.setNetwork(Outage{Kind: NoRoute, Since: noonUTC, Text: "no route", Remedy: "check the cable"}, noonUTC)
	n.setNetwork(Outage{}, noonUTC.Add(300*time.Millisecond))
	events := j.Warnings()
	if last := events[len(events)-1].Text; last != "Back on the network after 1 s." {
		t.Errorf("%q", last)
	}
}

// A cloud that drops BitTorrent's packets lets some nodes' through.
func TestAFilterOfTheProviderIsNoticedAndItsEnd(t *testing.T) {
	l, now := &link{}, noonUTC
	var s node.Stats
	second := func(queries, replies uint64) {
		now = now.Add(time.Second)
		s.QueriesOut, s.RepliesIn = s.QueriesOut+queries, s.RepliesIn+replies
		l.count(s, now)
		l.filter(now)
	}
	for range 60 {
		second(20, 9)
	}
	if o := l.current(); o.Kind != NoOutage {
		t.Fatalf("half of the nodes reply: %+v", o)
	}
	for i := range 400 {
		second(20, uint64(i%10/9))
	}
	if o := l.current(); o.Kind != Filtered || o.Offline() || !strings.Contains(o.Sentence(), "0.5 % of the queries") || !strings.Contains(o.Sentence(), "VPN") {
		t.Fatalf("0.5 %% reply: %q", o.Sentence())
	}
	for range 120 {
		second(20, 9)
	}
	if o := l.current(); o.Kind != NoOutage {
		t.Errorf("half of the nodes reply again: %q", o.Sentence())
	}
}

func TestReasonsAreNotGosOwn(t *testing.T) {
	for _, text := range []string{
		"lookup x on 127.0.0.53:53: server misbehaving", "dial udp [::1]:53: connect: connection refused",
		"dial udp 192.0.2.1:53: connect: network is unreachable",
	} {
		err := &resolveError{"x.example", &net.DNSError{Err: text}}
		if got := err.Error(); strings.Contains(got, "dial") || strings.Contains(got, "connect:") || strings.Contains(got, ":53") {
			t.Errorf("%q", got)
		}
	}
	if got := (&resolveError{"x", fmt.Errorf("x: %w", context.DeadlineExceeded)}).Error(); strings.Contains(got, "deadline") {
		t.Errorf("%q", got)
	}
	if err := error(&resolveError{"x", os.ErrClosed}); !errors.Is(err, os.ErrClosed) {
		t.Error("the cause is lost")
	}
}
