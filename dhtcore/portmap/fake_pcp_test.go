package portmap

import (
	"encoding/binary"
	"maps"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// gatewayPort is a router on loopback that speaks PCP, NAT-PMP or both. mu guards it.
type gatewayPort struct {
	conn *net.UDPConn

	mu       sync.Mutex
	speaks   [3]bool // by version: NAT-PMP is 0, PCP is 2
	outer    netip.Addr
	started  time.Time
	taken    map[uint16]bool
	mapped   map[string]uint16 // external port, by transport and internal port
	result   byte              // of all mappings; 0 for success
	life     uint32            // that it grants; 0 for what is asked
	mangle   func([]byte) []byte
	requests int
}

var outerIP = netip.MustParseAddr("203.0.113.7")

func newGatewayPort(t *testing.T, versions ...int) *gatewayPort {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	g := &gatewayPort{conn: conn, outer: outerIP, started: time.Now().Add(-time.Hour), taken: map[uint16]bool{}, mapped: map[string]uint16{}}
	for _, v := range versions {
		g.speaks[v] = true
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.serve()
	}()
	t.Cleanup(func() { conn.Close(); <-done })
	return g
}

// change changes the router as it runs.
func (g *gatewayPort) change(f func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f()
}

func (g *gatewayPort) mappings() map[string]uint16 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.mapped)
}

func (g *gatewayPort) asked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requests
}

func (g *gatewayPort) port() uint16 { return g.conn.LocalAddr().(*net.UDPAddr).AddrPort().Port() }

func (g *gatewayPort) serve() {
	buf := make([]byte, 2048)
	for {
		n, from, err := g.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		g.mu.Lock()
		reply := g.answer(buf[:n])
		if reply != nil && g.mangle != nil {
			reply = g.mangle(reply)
		}
		g.requests++
		g.mu.Unlock()
		if reply != nil {
			g.conn.WriteToUDPAddrPort(reply, from) //nolint:errcheck // the client may have gone
		}
	}
}

func (g *gatewayPort) epoch() uint32 { return uint32(time.Since(g.started) / time.Second) }

// assign maps a port, or removes its mapping.
func (g *gatewayPort) assign(key string, wish uint16, life uint32) (port, granted uint16) {
	if life == 0 {
		delete(g.mapped, key)
		return wish, 0
	}
	for g.taken[wish] {
		wish++
	}
	g.mapped[key] = wish
	return wish, 1
}

func (g *gatewayPort) granted(asked uint32) uint32 {
	if g.life > 0 && asked > 0 {
		return g.life
	}
	return asked
}

func (g *gatewayPort) answer(b []byte) []byte {
	if len(b) < 2 || int(b[0]) >= len(g.speaks) {
		return nil
	}
	if !g.speaks[b[0]] {
		if b[0] == 2 && g.speaks[0] { // NAT-PMP tells of the version that it does not know
			return binary.BigEndian.AppendUint32([]byte{0, 0x80, 0, 1}, g.epoch())
		}
		return nil
	}
	if b[0] == 0 {
		r := binary.BigEndian.AppendUint32([]byte{0, 0x80 | b[1], 0, g.result}, g.epoch())
		if b[1] == 0 && !g.outer.IsValid() { // as miniupnpd does without a public address
			return append(r[:3:3], append([]byte{natPMPUnconnected}, r[4:]...)...)
		}
		if b[1] == 0 {
			r[3] = 0
			ip := g.outer.As4()
			return append(r, ip[:]...)
		}
		inner, wish, life := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[6:]), binary.BigEndian.Uint32(b[8:])
		if g.result != 0 {
			return r
		}
		port, _ := g.assign(string(b[1])+string(rune(inner)), wish, life)
		r = binary.BigEndian.AppendUint16(r, inner)
		r = binary.BigEndian.AppendUint16(r, port)
		return binary.BigEndian.AppendUint32(r, g.granted(life))
	}
	life := binary.BigEndian.Uint32(b[4:])
	r := []byte{2, 0x80 | b[1], 0, g.result}
	r = binary.BigEndian.AppendUint32(r, g.granted(life))
	r = binary.BigEndian.AppendUint32(r, g.epoch())
	r = append(r, make([]byte, 12)...)
	if b[1] == 0 {
		r[3] = 0
		return r
	}
	m := append([]byte(nil), b[24:60]...)
	inner, wish := binary.BigEndian.Uint16(m[16:]), binary.BigEndian.Uint16(m[18:])
	if g.result == 0 {
		wish, _ = g.assign(string(m[12])+string(rune(inner)), wish, life)
	}
	binary.BigEndian.PutUint16(m[18:], wish)
	ip := netip.AddrFrom16(g.outer.As16()).As16()
	copy(m[20:], ip[:])
	return append(r, m...)
}

// loopback is the network in which all of a router is at 127.0.0.1, and we are at home.
func loopback(g *gatewayPort) seam {
	return seam{pcpPort: g.port(), ssdpPort: g.port(), check: 20 * time.Millisecond, wait: firstWait, request: requestTimeout, searchFor: 10 * time.Millisecond,
		route: func(wire.Family, *netbind.Device) (Route, error) {
			return Route{Gateway: netip.MustParseAddr("127.0.0.1"), Local: netip.MustParseAddr("192.168.1.20")}, nil
		}}
}

var nodePort = Port{UDP, netip.MustParseAddrPort("0.0.0.0:6881")}

// runMapper runs a Mapper until the end of the test, or until stop is called.
func runMapper(t *testing.T, net seam, ports ...Port) (m *Mapper, stop func()) {
	t.Helper()
	m = newMapper(Config{Ports: ports, Lifetime: time.Hour}, net)
	return m, start(t, m)
}

// start runs m until the end of the test, or until stop is called.
func start(t *testing.T, m *Mapper) (stop func()) {
	t.Helper()
	ctx, cancel := contextOf(t)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.Run(ctx)
	}()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}
