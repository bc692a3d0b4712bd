package portmap

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(context.Background())
}

// patience is how long something may take that will come.
const patience = 20 * time.Second

// await waits until the State is as it should be.
func await(t *testing.T, m *Mapper, what string, ok func(State) bool) State {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		s := m.State()
		if ok(s) {
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not come about: %+v", what, s)
		}
	}
}

func isMapped(s State) bool {
	for _, m := range s.Mappings {
		if !m.External.IsValid() {
			return false
		}
	}
	return len(s.Mappings) > 0
}

func phaseIs(p Phase) func(State) bool {
	return func(s State) bool { return len(s.Routers) > 0 && s.Routers[0].Phase == p }
}

func TestAPortIsMappedByWhatTheRouterSpeaksAndLetGoInTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		speaks []int
		want   string
	}{{[]int{0, 2}, "PCP"}, {[]int{2}, "PCP"}, {[]int{0}, "NAT-PMP"}} {
		g := newGatewayPort(t, c.speaks...)
		m, stop := runMapper(t, loopback(g), nodePort, Port{TCP, netip.MustParseAddrPort("0.0.0.0:6969")})
		s := await(t, m, "a mapping", isMapped)
		r := s.Routers[0]
		if r.Protocol != c.want || r.Phase != Mapped || r.External != outerIP || r.Why != "" {
			t.Errorf("%v: %+v", c.speaks, r)
		}
		udp, tcp := s.Mapped(UDP, nodePort.Addr), s.Mapped(TCP, netip.MustParseAddrPort("0.0.0.0:6969"))
		if udp != netip.AddrPortFrom(outerIP, 6881) || tcp != netip.AddrPortFrom(outerIP, 6969) || len(g.mappings()) != 2 {
			t.Errorf("%v: %v, %v; the router has %v", c.speaks, udp, tcp, g.mappings())
		}
		if in := s.Mappings[0].Internal; in != netip.MustParseAddrPort("192.168.1.20:6881") {
			t.Errorf("%v: forwarded to %v", c.speaks, in)
		}
		stop()
		if left := g.mappings(); len(left) > 0 {
			t.Errorf("%v: after the end the router has %v", c.speaks, left)
		}
	}
}

func TestAPortThatIsTakenGivesWayToAnother(t *testing.T) {
	t.Parallel()
	for _, version := range []int{0, 2} {
		g := newGatewayPort(t, version)
		g.change(func() { g.taken[6881] = true })
		m, _ := runMapper(t, loopback(g), nodePort)
		if s := await(t, m, "a mapping", isMapped); s.Mappings[0].External.Port() != 6882 {
			t.Errorf("version %d: %+v", version, s.Mappings[0])
		}
	}
}

func TestARouterThatHasRestartedIsAskedAgain(t *testing.T) {
	t.Parallel()
	for _, version := range []int{0, 2} {
		g := newGatewayPort(t, version)
		m, _ := runMapper(t, loopback(g), nodePort)
		await(t, m, "a mapping", isMapped)
		g.change(func() { g.started, g.mapped = time.Now(), map[string]uint16{} })
		await(t, m, "the mapping after a restart", func(State) bool { return len(g.mappings()) == 1 })
	}
}

func TestAnotherExternalAddressIsNoticed(t *testing.T) {
	t.Parallel()
	g := newGatewayPort(t, 0)
	m, _ := runMapper(t, loopback(g), nodePort)
	await(t, m, "a mapping", isMapped)
	g.change(func() { g.outer = netip.MustParseAddr("203.0.113.8") })
	await(t, m, "another address", func(s State) bool {
		return s.Routers[0].External.String() == "203.0.113.8" && s.Mappings[0].External.String() == "203.0.113.8:6881"
	})
}

func TestARouterThatGoesSilentIsSearchedAnew(t *testing.T) {
	t.Parallel()
	g := newGatewayPort(t, 0)
	net := loopback(g)
	net.wait = 20 * time.Millisecond
	m, _ := runMapper(t, net, nodePort)
	await(t, m, "a mapping", isMapped)
	g.change(func() { g.speaks = [3]bool{} })
	await(t, m, "a silent router", phaseIs(None))
	s := m.State()
	if isMapped(s) || !strings.Contains(s.Routers[0].Why, "no router answers") {
		t.Errorf("%+v", s)
	}
}

func TestARouterThatHasFailedACheckIsAskedAgainSoon(t *testing.T) {
	t.Parallel()
	g := newGatewayPort(t, 0)
	m := newMapper(Config{Ports: []Port{nodePort}, Lifetime: time.Hour}, loopback(g))
	m.net.check, m.net.wait = checkEvery, 10*time.Millisecond
	s := m.sides[0]
	if next := s.round(t.Context()); next != checkEvery {
		t.Errorf("at rest the next check is in %v", next)
	}
	g.change(func() { g.speaks = [3]bool{} })
	if next := s.round(t.Context()); s.failures != 1 || next != checkAgain {
		t.Errorf("after %d failures it is in %v", s.failures, next)
	}
}

func TestAnotherNetworkIsAnotherRouter(t *testing.T) {
	t.Parallel()
	home, away := newGatewayPort(t, 0), newGatewayPort(t, 2)
	m := newMapper(Config{Ports: []Port{nodePort}, Lifetime: time.Hour}, loopback(home))
	s := m.sides[0]
	s.round(t.Context())
	if s.router == nil || s.router.word() != "NAT-PMP" {
		t.Fatalf("at home: %+v", s.why)
	}
	m.net = loopback(away)
	m.net.route = func(wire.Family, *netbind.Device) (Route, error) {
		return Route{Gateway: netip.MustParseAddr("127.0.0.1"), Local: netip.MustParseAddr("10.4.0.9")}, nil
	}
	s.round(t.Context())
	if s.router == nil || s.router.word() != "PCP" || s.leases[0].internal.String() != "10.4.0.9:6881" {
		t.Errorf("away: %+v", s.leases[0])
	}
	m.net.route = func(wire.Family, *netbind.Device) (Route, error) { return Route{}, errNoRoute }
	s.round(t.Context())
	if s.router != nil || s.phase != None || s.leases[0].standing() {
		t.Errorf("without a network: %+v", s.leases[0])
	}
}

func TestWhatARouterRefusesIsToldInWords(t *testing.T) {
	t.Parallel()
	for version, want := range map[int]string{0: "it does not allow that", 2: "it does not allow that"} {
		g := newGatewayPort(t, version)
		g.change(func() { g.result = 2 })
		m, _ := runMapper(t, loopback(g), nodePort)
		s := await(t, m, "a refusal", phaseIs(None))
		if !strings.Contains(s.Routers[0].Why, want) || !strings.Contains(s.Mappings[0].Why, want) {
			t.Errorf("version %d: %+v", version, s)
		}
	}
}

func TestARouterWithoutAPublicAddressSaysSoByNATPMP(t *testing.T) {
	t.Parallel()
	g := newGatewayPort(t, 0)
	g.change(func() { g.outer = netip.Addr{} })
	m, _ := runMapper(t, loopback(g), nodePort)
	if r := await(t, m, "a refusal", phaseIs(None)).Routers[0]; !r.Private || r.Why != string(errUnconnected) {
		t.Errorf("%+v", r)
	}
}

func TestGarbageOfARouterMapsNothing(t *testing.T) {
	t.Parallel()
	for name, mangle := range map[string]func([]byte) []byte{
		"empty":             func([]byte) []byte { return []byte{} },
		"cut short":         func(b []byte) []byte { return b[:len(b)-1] },
		"another version":   func(b []byte) []byte { b[0] = 9; return b },
		"a request":         func(b []byte) []byte { b[1] &^= 0x80; return b },
		"noise":             func(b []byte) []byte { return []byte(strings.Repeat("\xff", 1500)) },
		"no port":           func(b []byte) []byte { return zero(zero(b, 42, 44), 10, 12) },
		"another nonce":     func(b []byte) []byte { return zero(b, 24, 36) },
		"no time":           func(b []byte) []byte { return zero(b, 4, 8) },
		"nobody's address":  func(b []byte) []byte { return zero(b, 44, 60) },
		"another transport": func(b []byte) []byte { return zero(b, 36, 37) },
	} {
		g := newGatewayPort(t, 2)
		g.change(func() { g.mangle = mangle })
		m := newMapper(Config{Ports: []Port{nodePort}, Lifetime: time.Hour}, loopback(g))
		m.net.wait = 10 * time.Millisecond
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		m.sides[0].round(ctx)
		cancel()
		if m.sides[0].leases[0].standing() {
			t.Errorf("%s: %+v", name, m.sides[0].leases[0])
		}
	}
}

// zero overwrites a part of b, as far as there is one.
func zero(b []byte, from, to int) []byte {
	if len(b) >= to {
		clear(b[from:to])
	}
	return b
}

func TestNothingIsAskedWhereOthersReachTheMachineAnyway(t *testing.T) {
	t.Parallel()
	for local, want := range map[string]Phase{"203.0.113.9": Needless, "192.168.1.2": Mapped, "100.64.3.4": Mapped, "10.1.2.3": Mapped, "172.16.0.9": Mapped} {
		g := newGatewayPort(t, 2)
		net := loopback(g)
		net.route = func(wire.Family, *netbind.Device) (Route, error) {
			return Route{Gateway: netip.MustParseAddr("127.0.0.1"), Local: netip.MustParseAddr(local)}, nil
		}
		m, stop := runMapper(t, net, nodePort)
		await(t, m, local, phaseIs(want))
		stop()
		if asked := g.asked() > 0; asked != (want == Mapped) {
			t.Errorf("%s: asked %v", local, asked)
		}
	}
}

func TestNoPortOnLoopbackIsMapped(t *testing.T) {
	t.Parallel()
	m := New(Config{Ports: []Port{{UDP, netip.MustParseAddrPort("127.0.0.1:6881")}, {UDP, netip.MustParseAddrPort("[::1]:6881")}}})
	if len(m.sides) > 0 {
		t.Error("it would be")
	}
	m.Run(t.Context()) // ends at once
}

func TestTheClockOfARouterShowsARestart(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	var e epoch
	for i, c := range []struct {
		after   time.Duration
		seconds uint32
		want    bool
	}{
		{0, 500, false}, {time.Minute, 560, false}, {time.Minute, 620, false},
		{time.Minute, 671, false}, // a clock that is slow
		{time.Minute, 3, true}, {time.Minute, 63, false},
		{0, 63, false}, {0, 60, true}, // behind by more than two seconds
		{100 * 24 * time.Hour, 1, true},
	} {
		now = now.Add(c.after)
		if got := e.restarted(c.seconds, now); got != c.want {
			t.Errorf("%d: %v", i, got)
		}
	}
}

func TestALeaseIsRenewedAtHalfOfItsLife(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	at := netip.MustParseAddrPort("203.0.113.7:6881")
	for _, c := range []struct{ life, renew, until time.Duration }{
		{time.Hour, 30 * time.Minute, time.Hour}, {2 * time.Minute, time.Minute, 2 * time.Minute},
		{time.Second, renewAtLeast, time.Second}, {1000 * time.Hour, 30 * time.Minute, time.Hour},
	} {
		var l lease
		l.granted(at, c.life, time.Hour, now)
		if l.renew.Sub(now) != c.renew || l.until.Sub(now) != c.until {
			t.Errorf("%v: renewed after %v, until %v", c.life, l.renew.Sub(now), l.until.Sub(now))
		}
	}
	var l lease
	l.granted(at, 0, time.Hour, now) // for good
	if !l.until.IsZero() || l.renew.Sub(now) != 30*time.Minute {
		t.Errorf("for good: %+v", l)
	}
}

func TestASilentRouterIsAskedLessAndLess(t *testing.T) {
	t.Parallel()
	m := newMapper(Config{Ports: []Port{nodePort}}, loopback(newGatewayPort(t)))
	m.net.searchAt, m.net.ssdpPort = nil, 0
	s, before := m.sides[0], time.Duration(0)
	for range 8 {
		s.searched = time.Time{}
		ctx, cancel := context.WithCancel(t.Context())
		s.mapper.net.pcpPort = 1 // nobody is there
		s.round(ctx)
		cancel()
		if s.patience < before || s.patience > retryAtMost {
			t.Errorf("%v after %v", s.patience, before)
		}
		before = s.patience
		s.searched = time.Time{}
		if before == retryAtMost {
			return
		}
	}
	t.Errorf("at most %v", before)
}

func FuzzReplies(f *testing.F) {
	f.Add([]byte{2, 0x81, 0, 0, 0, 0, 14, 16, 0, 0, 0, 1})
	f.Add([]byte{0, 0x81, 0, 0, 0, 0, 0, 9, 26, 225, 26, 225, 0, 0, 14, 16})
	f.Add([]byte("HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1:5000/rootDesc.xml\r\n\r\n"))
	f.Fuzz(func(_ *testing.T, b []byte) {
		parsePCP(b, pcpMap)
		parsePCP(b, pcpAnnounce)
		natPMPAnswer(b, 1, 16)
		new(natPMP).takeAddress(b)
		location(b)
	})
}

func TestRefusalsAreErrorsForPeople(t *testing.T) {
	t.Parallel()
	if got := sentence(errors.New("x\x1b[2Jy")); strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}
