package portmap

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

func TestAPortIsMappedByUPnPAndLetGoInTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		services []string
		prepare  func(*webRouter)
		port     uint16
		forGood  bool
	}{
		{"IGD 1", []string{"WANIPConnection:1"}, nil, 6881, false},
		{"IGD 2", []string{"WANIPConnection:2"}, nil, 6881, false},
		{"PPP", []string{"WANPPPConnection:1"}, nil, 6881, false},
		{"a first service that answers 501", []string{"WANIPConnection:1", "WANIPConnection:1"}, func(w *webRouter) { w.dead = true }, 6881, false},
		{"a taken port, IGD 2", []string{"WANIPConnection:2"}, func(w *webRouter) { w.taken["6881"] = true }, 7777, false},
		{"a taken port, IGD 1", []string{"WANIPConnection:1"}, func(w *webRouter) { w.taken["6881"] = true }, 0, false},
		{"no lifetimes", []string{"WANIPConnection:1"}, func(w *webRouter) { w.permanent = true }, 6881, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWebRouter(t, c.services...)
			if c.prepare != nil {
				w.change(func() { c.prepare(w) })
			}
			m, stop := runMapper(t, w.seam(newGatewayPort(t)), nodePort)
			s := await(t, m, "a mapping", isMapped)
			r, l := s.Routers[0], s.Mappings[0]
			if r.Protocol != "UPnP" || r.Name != "Fake Box" || r.External != outerIP || l.External.Addr() != outerIP || l.Until.IsZero() != c.forGood {
				t.Errorf("%+v", s)
			}
			if c.port != 0 && l.External.Port() != c.port || c.port == 0 && l.External.Port() == 6881 {
				t.Errorf("at %v", l.External)
			}
			mapped, _, _ := w.seen()
			if got := slices.Collect(maps.Values(mapped)); len(got) != 1 || got[0] != "192.168.1.20:6881" {
				t.Errorf("the router has %v", mapped)
			}
			stop()
			if left, _, _ := w.seen(); len(left) > 0 {
				t.Errorf("after the end the router has %v", left)
			}
		})
	}
}

func TestAMappingThatUPnPHasForgottenIsMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWebRouter(t, "WANIPConnection:1")
	m, _ := runMapper(t, w.seam(newGatewayPort(t)), nodePort)
	await(t, m, "a mapping", isMapped)
	w.change(func() { clear(w.mapped) })
	await(t, m, "the mapping after a restart", func(State) bool { mapped, _, _ := w.seen(); return len(mapped) == 1 })
}

func TestAPinholeIsOpenedAndClosed(t *testing.T) {
	t.Parallel()
	w := newWebRouter(t, "WANIPConnection:2", "WANIPv6FirewallControl:1")
	net := w.seam(newGatewayPort(t))
	home := net.route
	net.route = func(f wire.Family, d *netbind.Device) (Route, error) {
		r, err := home(f, d)
		if f == wire.IPv6 {
			r.Local = netip.MustParseAddr("2001:db8::20")
		}
		return r, err
	}
	m, stop := runMapper(t, net, Port{UDP, netip.MustParseAddrPort("[::]:6881")})
	s := await(t, m, "a pinhole", isMapped)
	if at := s.Mappings[0].External; at != netip.MustParseAddrPort("[2001:db8::20]:6881") || s.Routers[0].Family != wire.IPv6 {
		t.Errorf("%+v", s)
	}
	if _, open, _ := w.seen(); open["5"] != "[2001:db8::20]:6881 17" {
		t.Errorf("the router has %v", open)
	}
	w.change(func() { clear(w.pinholes) })
	await(t, m, "the pinhole after a restart", func(State) bool { _, open, _ := w.seen(); return len(open) == 1 })
	stop()
	if _, left, _ := w.seen(); len(left) > 0 {
		t.Errorf("after the end the router has %v", left)
	}
}

// badRouter searches for a router that harms, and returns why there is none.
func badRouter(t *testing.T, harm func(*webRouter)) string {
	t.Helper()
	w := newWebRouter(t, "WANIPConnection:1")
	w.change(func() { harm(w) })
	net := w.seam(newGatewayPort(t))
	net.searchFor, net.request = 300*time.Millisecond, 500*time.Millisecond
	m := newMapper(Config{Ports: []Port{nodePort}, Lifetime: time.Hour}, net)
	m.sides[0].round(t.Context())
	if s := m.sides[0]; s.router != nil || s.phase != None || s.leases[0].standing() {
		t.Errorf("it maps: %+v", s.leases[0])
	}
	return m.sides[0].why
}

func TestOnlyTheGatewayIsAsked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	victim := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer victim.Close()
	elsewhere := strings.Replace(victim.URL, "127.0.0.1", "localhost", 1) // the same machine by a name that is not the gateway's
	for name, harm := range map[string]func(*webRouter){
		"an answer that names another host": func(w *webRouter) { w.location = elsewhere + "/root.xml" },
		"a redirect":                        func(w *webRouter) { w.describe = http.RedirectHandler(victim.URL, http.StatusFound).ServeHTTP },
		"a redirect of a call": func(w *webRouter) {
			w.control = http.RedirectHandler(victim.URL, http.StatusTemporaryRedirect).ServeHTTP
		},
		"a description with another host in it": func(w *webRouter) { w.base = "<URLBase>" + elsewhere + "</URLBase>" },
		"another scheme":                        func(w *webRouter) { w.location = "file:///etc/passwd" },
	} {
		if why := badRouter(t, harm); why == "" || asked.Load() > 0 {
			t.Errorf("%s: %q, and %d requests went there", name, why, asked.Load())
		}
	}
}

func TestBadRoutersAreBounded(t *testing.T) {
	t.Parallel()
	endless := func(res http.ResponseWriter, req *http.Request) {
		write(res, `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>`)
		for req.Context().Err() == nil {
			if _, err := io.WriteString(res, strings.Repeat("a", 4096)); err != nil {
				return
			}
		}
	}
	for name, harm := range map[string]func(*webRouter){
		"a description without an end": func(w *webRouter) { w.describe = endless },
		"an answer without an end":     func(w *webRouter) { w.control = endless },
		"a slow one": func(w *webRouter) {
			w.describe = func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() }
		},
		"no XML": func(w *webRouter) {
			w.describe = func(res http.ResponseWriter, _ *http.Request) { write(res, "<html>") }
		},
		"deep XML": func(w *webRouter) {
			w.describe = func(res http.ResponseWriter, _ *http.Request) { write(res, strings.Repeat("<device>", 16000)) }
		},
		"an error":            func(w *webRouter) { w.describe = http.NotFound },
		"no connection":       func(w *webRouter) { w.outer = "0.0.0.0" },
		"an address of noise": func(w *webRouter) { w.outer = "\u202egarbage" },
		"no service":          func(w *webRouter) { w.services = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			if why := badRouter(t, harm); why == "" || strings.Contains(why, "goupnp") {
				t.Errorf("%q", why)
			}
			if took := time.Since(begun); took > patience {
				t.Errorf("it takes %v", took)
			}
		})
	}
}
