package tracker

import (
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestClientsFindEachOtherOverHTTP(t *testing.T) {
	tr := run(t, Config{})
	a, b := dial(t, tr.HTTPAddr()), dial(t, tr.HTTPAddr())
	if status, body := a.get(announceURL(hashA, peerA, 1001, "left", "0", "event", "started")); status != 200 ||
		!strings.Contains(body, "8:completei1e") || !strings.Contains(body, "5:peers0:") || !strings.Contains(body, "11:external ip4:\x7f\x00\x00\x01") {
		t.Fatalf("%d %q", status, body)
	}
	for _, c := range []struct{ name, more, value, want string }{
		{"compact", "", "", "5:peers6:\x7f\x00\x00\x01\x03\xe9e"},
		{"with peer IDs", "compact", "0", "5:peersld2:ip9:127.0.0.17:peer id20:" + peerA + "4:porti1001eeee"},
		{"without", "no_peer_id", "1", "5:peers6:"},
		{"none wanted", "numwant", "0", "5:peers0:e"},
		{"the default wanted", "numwant", "-1", "5:peers6:"},
		{"more than there are", "numwant", "99999999999999999999999", "5:peers6:"},
	} {
		if _, body := b.get(announceURL(hashA, peerB, 1002, c.more, c.value)); !strings.Contains(body, c.want) {
			t.Errorf("%s: %q", c.name, body)
		}
	}
	if _, body := b.get("/?" + strings.TrimPrefix(announceURL(hashA, peerB, 1002, "compact", "", "no_peer_id", "1"), "/announce?")); !strings.Contains(body, "5:peersld2:ip9:127.0.0.14:porti1001eeee") {
		t.Errorf("dictionaries without IDs: %q", body)
	}
	if _, body := a.get(announceURL(hashA, peerA, 1001, "left", "0")); !strings.Contains(body, "5:peers6:\x7f\x00\x00\x01\x03\xea") {
		t.Errorf("the seeder: %q", body)
	}
	b.get(announceURL(hashA, peerB, 1002, "left", "0", "event", "completed"))
	if _, body := a.get(announceURL(hashA, peerA, 1001, "left", "0")); !strings.Contains(body, "5:peers0:") || !strings.Contains(body, "10:downloadedi1e") {
		t.Errorf("a seeder is told of a seeder: %q", body)
	}
	b.get(announceURL(hashA, peerB, 1002, "event", "stopped"))
	want := "d5:filesd20:" + hashA + "d8:completei1e10:downloadedi1e11:downloadersi0e10:incompletei0ee20:" + hashB +
		"d8:completei0e10:downloadedi0e11:downloadersi0e10:incompletei0eeee"
	q := "info_hash=%f0%26%3d%25%f0%26%3d%25%f0%26%3d%25%f0%26%3d%25%f0%26%3d%25&info_hash=" + strings.Repeat("%01", 20)
	if _, body := a.get("/scrape?" + q + "&" + q); body != want {
		t.Errorf("scrape: %q, want %q", body, want)
	}
}

func TestBadRequestsAreToldWhy(t *testing.T) {
	tr := run(t, Config{})
	c := dial(t, tr.HTTPAddr())
	for name, target := range map[string]string{
		"missing info_hash":         announceURL("", peerA, 1, "info_hash", ""),
		"missing peer_id":           announceURL(hashA, "", 1, "peer_id", ""),
		"missing port":              announceURL(hashA, peerA, 1, "port", ""),
		"invalid info_hash":         announceURL(hashA[:19], peerA, 1),
		"invalid  info_hash":        announceURL(hashA+"x", peerA, 1),
		"invalid peer_id":           announceURL(hashA, "short", 1),
		"invalid port":              announceURL(hashA, peerA, 0),
		"invalid  port":             announceURL(hashA, peerA, 65536),
		"invalid   port":            announceURL(hashA, peerA, -1),
		"invalid left":              announceURL(hashA, peerA, 1, "left", "many"),
		"invalid uploaded":          announceURL(hashA, peerA, 1, "uploaded", "1e3"),
		"invalid event":             announceURL(hashA, peerA, 1, "event", "exploded"),
		"more than one port":        announceURL(hashA, peerA, 1) + "&p%6frt=1",
		"invalid percent-encoding":  announceURL(hashA, peerA, 1) + "&x=%4",
		"invalid  percent-encoding": announceURL(hashA, peerA, 1) + "&%zz=1",
		"missing  info_hash":        "/scrape",
		"invalid info_hash: want":   "/scrape?info_hash=abc",
		"missing info_hash ":        "/?",
	} {
		want := strings.Join(strings.Fields(name), " ")
		if status, body := c.get(target); status != 200 || !strings.HasPrefix(body, "d14:failure reason") || !strings.Contains(body, want) {
			t.Errorf("%s: %d %q", name, status, body)
		}
	}
	if s := tr.Stats(time.Now()); s.Failures != 18 || s.Swarms != 0 {
		t.Errorf("%+v", s)
	}
}

func TestAHashOfVersion2CountsByItsFirst20Bytes(t *testing.T) {
	tr := run(t, Config{})
	c := dial(t, tr.HTTPAddr())
	c.get(announceURL(hashA+"123456789012", peerA, 7))
	if _, body := c.get(announceURL(hashA, peerB, 8)); !strings.Contains(body, "5:peers6:") {
		t.Errorf("%q", body)
	}
}

func TestTheFormOfThePeerListCanBeRequired(t *testing.T) {
	for require, want := range map[Require][3]bool{RequireAny: {true, true, true}, RequireNoPeerID: {false, true, true}, RequireCompact: {false, false, true}} {
		c := dial(t, run(t, Config{Require: require}).HTTPAddr())
		for i, target := range []string{announceURL(hashA, peerA, 7, "compact", ""), announceURL(hashA, peerA, 7, "compact", "", "no_peer_id", "1"), announceURL(hashA, peerA, 7)} {
			if _, body := c.get(target); strings.Contains(body, "interval") != want[i] {
				t.Errorf("%d, %s: %q", require, target, body)
			}
		}
	}
}

func TestProxiesAreBelievedOnlyWhereConfigured(t *testing.T) {
	for _, c := range []struct {
		name    string
		proxies []netip.Prefix
		header  []string
		want    string
	}{
		{"no proxy", nil, []string{"X-Forwarded-For: 8.8.8.8"}, "127.0.0.1"},
		{"another network", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, []string{"X-Real-IP: 8.8.8.8"}, "127.0.0.1"},
		{"one proxy", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []string{"x-forwarded-for: 1.1.1.1, 8.8.8.8"}, "8.8.8.8"},
		{"two", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []string{"X-Forwarded-For: 1.1.1.1, 8.8.4.4,127.0.0.9"}, "8.8.4.4"},
		{"real IP", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []string{"X-Real-IP: 8.8.4.4"}, "8.8.4.4"},
		{"nonsense", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, []string{"X-Forwarded-For: me"}, "127.0.0.1"},
	} {
		ip := netip.MustParseAddr(c.want).As4()
		if _, body := dial(t, run(t, Config{Proxies: c.proxies}).HTTPAddr()).get(announceURL(hashA, peerA, 7), c.header...); !strings.Contains(body, "ip4:"+string(ip[:])) {
			t.Errorf("%s: %q", c.name, body)
		}
	}
}

func TestHTTPItselfIsHeldToItsRules(t *testing.T) {
	tr := run(t, Config{})
	for name, c := range map[string]struct {
		request string
		status  string
	}{
		"not HTTP":         {"\x13BitTorrent protocol\r\n\r\n", "400"},
		"another version":  {"GET / HTTP/3.0\r\n\r\n", "400"},
		"a bad header":     {"GET / HTTP/1.1\r\nnothing\r\n\r\n", "400"},
		"another method":   {"POST /announce HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "405"},
		"another path":     {"GET /secret HTTP/1.0\r\n\r\n", "404"},
		"a long head":      {"GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 10<<20), "431"},
		"a long target":    {"GET /" + strings.Repeat("x", maxHead), "431"},
		"bare line feeds":  {"GET /scrape HTTP/1.0\n\n", "200"},
		"an absolute form": {"GET http://t.example/scrape HTTP/1.0\r\n\r\n", "200"},
	} {
		conn := dial(t, tr.HTTPAddr())
		go conn.Write([]byte(c.request)) //nolint:errcheck // the tracker may close before the end
		line, err := conn.r.ReadString('\n')
		if err != nil || !strings.HasPrefix(line, "HTTP/1.1 "+c.status) {
			t.Errorf("%s: %q, %v", name, line, err)
		}
	}
}

// A proxy that passes on a body must not get two answers: the second would be taken for that of another client.
func TestABodyIsNeverReadAsARequest(t *testing.T) {
	tr := run(t, Config{})
	for _, fields := range []string{
		"Content-Length: 26\r\nConnection: keep-alive", "Connection: keep-alive\r\nContent-Length: 26", "Content-Length\t: 26",
		"Content-Length: 0\r\nContent-Length: 26\r\nConnection: keep-alive", "Transfer-Encoding: chunked\r\nConnection: keep-alive", "Transfer Encoding: chunked",
	} {
		conn := dial(t, tr.HTTPAddr())
		conn.Write([]byte("GET /scrape HTTP/1.1\r\n" + fields + "\r\n\r\nGET /scrape HTTP/1.0\r\n\r\n\r\n")) //nolint:errcheck // the read says what is wrong
		all, _ := io.ReadAll(conn.r)
		if n := strings.Count(string(all), "HTTP/1.1 "); n != 1 {
			t.Errorf("%q: %d answers: %q", fields, n, all)
		}
	}
}

func TestRequestsMayComeTogetherAndInPieces(t *testing.T) {
	conn := dial(t, run(t, Config{}).HTTPAddr())
	request := "GET /scrape HTTP/1.1\r\nX: " + strings.Repeat("y", 3000) + "\r\n\r\n"
	all := strings.Repeat(request, 3)
	for len(all) > 0 {
		n := min(len(all), 700)
		conn.Write([]byte(all[:n])) //nolint:errcheck // the read says what is wrong
		all = all[n:]
	}
	for i := range 3 {
		r, err := http.ReadResponse(conn.r, nil)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r.Body); err != nil || !strings.HasPrefix(string(b), "d14:failure reason") {
			t.Errorf("answer %d: %q, %v", i, b, err)
		}
	}
}

func TestSlowClientsAreClosedAndHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newHTTPServer(mustOpen(t), nil)
		idle, server := net.Pipe()
		begun, server2 := net.Pipe()
		for _, c := range []net.Conn{server, server2} {
			s.connections.add(c, netip.Addr{}, false)
			go func() {
				defer s.connections.remove(c, netip.Addr{})
				s.converse(c, netip.Addr{})
			}()
		}
		go func() {
			for { // a byte a second
				if _, err := begun.Write([]byte("x")); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
		time.Sleep(headWithin + 2*time.Second)
		if n := s.connections.len(); n != 1 {
			t.Errorf("%d connections after the time for a head, want the idle one", n)
		}
		time.Sleep(idleFor)
		if n := s.connections.len(); n != 0 {
			t.Errorf("%d connections after the time to be idle", n)
		}
		idle.Close()
		begun.Close()
	})
}

func TestOneHostHasItsShareOfTheConnections(t *testing.T) {
	c, host := newConnections(), netip.MustParseAddr("8.8.8.8")
	for i := range maxOfHost + 1 {
		a, _ := net.Pipe()
		if ok := c.add(a, host, false); ok != (i < maxOfHost) {
			t.Fatalf("connection %d: %v", i, ok)
		}
	}
	a, _ := net.Pipe()
	if !c.add(a, netip.MustParseAddr("8.8.4.4"), false) || !c.add(nil, host, true) {
		t.Error("another host or a proxy has no room")
	}
}

func TestATorrentThatIsNotServedIsRefusedOverBoth(t *testing.T) {
	tr := run(t, Config{})
	tr.SetPolicy(&Policy{Deny: map[wire.ID]struct{}{wire.ID([]byte(hashA)): {}}})
	c := dial(t, tr.HTTPAddr())
	if _, body := c.get(announceURL(hashA, peerA, 7)); !strings.Contains(body, "does not serve") || !strings.Contains(body, "8:retry in5:never") {
		t.Errorf("%q", body)
	}
	if _, body := c.get(announceURL(hashB, peerA, 7)); !strings.Contains(body, "interval") {
		t.Errorf("%q", body)
	}
	a, now, from := udpAnswerer{tracker: tr}, time.Now(), netip.MustParseAddrPort("10.0.0.1:1")
	if b := a.answer(nil, announcePacket(a.ids.of(from.Addr(), now), hashA, 7, 0, None), from, now); string(b[8:]) != notAdmitted.reason {
		t.Errorf("%q", b)
	}
}

// Transmission and libtorrent name their IPv6 addresses in every announce over IPv4 (BEP 7).
func TestAPeerThatNamesItsOtherAddressIsFoundAtTheOneItAnnouncesFrom(t *testing.T) {
	c := dial(t, run(t, Config{}).HTTPAddr())
	c.get(announceURL(hashA, peerA, 1001, "ipv6", "2001:db8::7"))
	if _, body := c.get(announceURL(hashA, peerB, 1002)); !strings.Contains(body, "5:peers6:\x7f\x00\x00\x01\x03\xe9") {
		t.Errorf("%q", body)
	}
	c.get(announceURL(hashB, peerA, 1001, "ip", "10.0.0.7") + "&ipv6=2001:db8::7")
	if _, body := c.get(announceURL(hashB, peerB, 1002)); !strings.Contains(body, "5:peers6:\x0a\x00\x00\x07\x03\xe9") {
		t.Errorf("behind a router: %q", body)
	}
}
