package portmap

import (
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// webRouter is a router on loopback that speaks UPnP. mu guards it.
type webRouter struct {
	search *net.UDPConn
	web    *httptest.Server

	mu        sync.Mutex
	services  []string // as WANIPConnection:1; the first one answers 501 if dead
	dead      bool
	location  string            // "" for its description
	describe  http.HandlerFunc  // nil for the description
	control   http.HandlerFunc  // nil for what a router does
	outer     string            // its address
	mapped    map[string]string // internal address, by transport and external port
	pinholes  map[string]string // by number
	taken     map[string]bool   // external ports
	permanent bool              // it knows no lifetimes
	base      string            // URLBase
	calls     []string
}

func newWebRouter(t *testing.T, services ...string) *webRouter {
	t.Helper()
	search, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	w := &webRouter{search: search, services: services, outer: outerIP.String(), mapped: map[string]string{}, pinholes: map[string]string{}, taken: map[string]bool{}}
	w.web = httptest.NewServer(w)
	var done sync.WaitGroup
	done.Go(w.answerSearches)
	t.Cleanup(func() { search.Close(); w.web.Close(); done.Wait() })
	return w
}

func (w *webRouter) change(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *webRouter) seen() (mapped, pinholes map[string]string, calls []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.mapped), maps.Clone(w.pinholes), slices.Clone(w.calls)
}

func (w *webRouter) answerSearches() {
	buf := make([]byte, 2048)
	for {
		_, from, err := w.search.ReadFromUDP(buf)
		if err != nil {
			return
		}
		w.mu.Lock()
		place := w.location
		if place == "" {
			place = w.web.URL + "/root.xml"
		}
		w.mu.Unlock()
		fmt.Fprintf(writerTo{w.search, from}, "HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\nST: upnp:rootdevice\r\nLOCATION: %s\r\n\r\n", place)
	}
}

type writerTo struct {
	conn *net.UDPConn
	to   *net.UDPAddr
}

func (w writerTo) Write(b []byte) (int, error) { return w.conn.WriteToUDP(b, w.to) }

func (w *webRouter) ServeHTTP(res http.ResponseWriter, req *http.Request) {
	w.mu.Lock()
	describe, control := w.describe, w.control
	w.mu.Unlock()
	switch {
	case req.URL.Path == "/root.xml" && describe != nil:
		describe(res, req)
	case req.URL.Path == "/root.xml":
		write(res, w.description())
	case control != nil:
		control(res, req)
	default:
		w.act(res, req)
	}
}

func (w *webRouter) description() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list strings.Builder
	for i, s := range w.services {
		fmt.Fprintf(&list, "<service><serviceType>urn:schemas-upnp-org:service:%s</serviceType><serviceId>urn:upnp-org:serviceId:%d</serviceId>"+
			"<SCPDURL>/scpd.xml</SCPDURL><controlURL>/control/%d</controlURL><eventSubURL>/event</eventSubURL></service>", s, i, i)
	}
	return `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>` +
		w.base + `<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><friendlyName>Fake` + "\x20" + `Box</friendlyName>` +
		`<deviceList><device><deviceList><device><serviceList>` + list.String() + `</serviceList></device></deviceList></device></deviceList></device></root>`
}

var argument = regexp.MustCompile(`<(\w+)>([^<]*)</`)

// act does what is asked of a service.
func (w *webRouter) act(res http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	kind, action, _ := strings.Cut(strings.Trim(req.Header.Get("Soapaction"), `"`), "#")
	args := map[string]string{}
	for _, m := range argument.FindAllStringSubmatch(string(body), -1) {
		args[m[1]] = m[2]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, action)
	fail := func(code int) {
		res.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(res, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring>`+
			`<detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>%d</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>`, code)
	}
	if w.dead && req.URL.Path == "/control/0" {
		fail(501)
		return
	}
	out := ""
	key := args["NewProtocol"] + args["NewExternalPort"]
	inside := args["NewInternalClient"] + ":" + args["NewInternalPort"]
	switch action {
	case "GetExternalIPAddress":
		out = "<NewExternalIPAddress>" + w.outer + "</NewExternalIPAddress>"
	case "AddPortMapping", "AddAnyPortMapping":
		switch {
		case w.permanent && args["NewLeaseDuration"] != "0":
			fail(725)
			return
		case w.taken[args["NewExternalPort"]] && action == "AddPortMapping":
			fail(718)
			return
		case w.taken[args["NewExternalPort"]]:
			key, args["NewExternalPort"] = args["NewProtocol"]+"7777", "7777"
		}
		w.mapped[key] = inside
		out = "<NewReservedPort>" + args["NewExternalPort"] + "</NewReservedPort>"
	case "DeletePortMapping":
		delete(w.mapped, key)
	case "GetSpecificPortMappingEntry":
		to, ok := w.mapped[key]
		if !ok {
			fail(714)
			return
		}
		host, port, _ := net.SplitHostPort(to)
		out = "<NewInternalPort>" + port + "</NewInternalPort><NewInternalClient>" + host + "</NewInternalClient><NewEnabled>1</NewEnabled>" +
			"<NewPortMappingDescription>x</NewPortMappingDescription><NewLeaseDuration>9</NewLeaseDuration>"
	case "GetFirewallStatus":
		out = "<FirewallEnabled>1</FirewallEnabled><InboundPinholeAllowed>1</InboundPinholeAllowed>"
	case "AddPinhole":
		id := fmt.Sprint(len(w.pinholes) + 5)
		w.pinholes[id] = "[" + args["InternalClient"] + "]:" + args["InternalPort"] + " " + args["Protocol"]
		out = "<UniqueID>" + id + "</UniqueID>"
	case "UpdatePinhole", "GetPinholePackets":
		if _, ok := w.pinholes[args["UniqueID"]]; !ok {
			fail(704)
			return
		}
		out = "<PinholePackets>3</PinholePackets>"
	case "DeletePinhole":
		delete(w.pinholes, args["UniqueID"])
	default:
		fail(401)
		return
	}
	fmt.Fprintf(res, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>`+
		`<u:%sResponse xmlns:u="%s">%s</u:%sResponse></s:Body></s:Envelope>`, action, kind, out, action)
}

// seam is the network of the router, which is silent on the port of PCP.
func (w *webRouter) seam(g *gatewayPort) seam {
	s := loopback(g)
	s.ssdpPort = uint16(w.search.LocalAddr().(*net.UDPAddr).Port)
	s.wait, s.searchFor = 5*time.Millisecond, patience
	return s
}

// write answers with a text. The client may have gone.
func write(res http.ResponseWriter, text string) { io.WriteString(res, text) } //nolint:errcheck // see above
