package api

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOnlyANameOfThisMachineAndItsOwnPagesAreAnswered(t *testing.T) {
	url := serving(t, quiet(), Config{Names: []string{"Crawler.example."}})
	at := strings.TrimPrefix(url, "http://")
	_, port, _ := net.SplitHostPort(at)
	for _, c := range []struct {
		host, origin string
		ok           bool
	}{
		{at, "", true},
		{"localhost", "", true},
		{"LOCALHOST:" + port, "", true},
		{"localhost.", "", true},
		{"[::1]:" + port, "", true},
		{"[::1]", "", true},
		{"192.0.2.7", "", true},
		{"crawler.EXAMPLE:" + port, "", true},
		{"evil.example", "", false},
		{"evil.example:" + port, "", false},
		{"localhost.evil.example", "", false},
		{"crawler.example.evil.example", "", false},
		{"127.0.0.1.evil.example", "", false},
		{"2130706433", "", false}, // 127.0.0.1 to some resolvers
		{"127.0.0.1:1.evil.example", "", false},
		{"127.0.0.1:" + port + ".evil.example", "", false},
		{"127.0.0.1:", "", false},
		{"127.0.0.1:65536", "", false},
		{"127.0.0.1:+1", "", false},
		{"[::1]evil.example", "", false},
		{"[::1]:1.evil.example", "", false},
		{"[::1", "", false},
		{"::1", "", false},
		{"[127.0.0.1]", "", false},
		{"[localhost]", "", false},
		{at, url, true},
		{"localhost:" + port, "http://LocalHost:" + port, true},
		{at, "http://evil.example", false},
		{at, "http://127.0.0.1:1", false}, // another program's page
		{at, "https://evil.example:" + port, false},
		{at, "null", false}, // a page of a file, or in a sandbox
		{"evil.example", "http://evil.example", false},
	} {
		r := request(t, url+"/healthz", map[string]string{"Host": c.host})
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if !c.ok {
			refused(t, r, http.StatusForbidden)
		} else if _, response := answer[health](t, r); response.StatusCode != http.StatusOK {
			t.Errorf("Host %q, Origin %q: %s; want 200", c.host, c.origin, response.Status)
		}
	}
}

func TestAHostWithAZoneIsRefused(t *testing.T) { // Go's client leaves zones out
	for _, host := range []string{"[::1%25evil.example]", "[fe80::1%eth0]:6880", "[::1%]", "::1%lo"} {
		if (guard{names: []string{"localhost"}}).acceptsHost(host) {
			t.Errorf("Host %q is accepted", host)
		}
	}
}

func TestABrowserSaysWhichPageAsks(t *testing.T) {
	url := serving(t, quiet(), Config{})
	for _, c := range []struct {
		site, mode, dest string
		ok               bool
	}{
		{"none", "navigate", "document", true}, // typed by the user
		{"same-origin", "cors", "empty", true},
		{"cross-site", "navigate", "document", true}, // a link
		{"cross-site", "no-cors", "script", false},
		{"cross-site", "no-cors", "image", false},
		{"cross-site", "navigate", "iframe", false},
		{"cross-site", "", "", false},
		{"same-site", "no-cors", "empty", false}, // another port of this machine
		{"something-new", "no-cors", "empty", false},
	} {
		r := request(t, url+"/healthz", map[string]string{
			"Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode, "Sec-Fetch-Dest": c.dest,
		})
		var response *http.Response
		if !c.ok {
			response = refused(t, r, http.StatusForbidden)
		} else if _, response = answer[health](t, r); response.StatusCode != http.StatusOK {
			t.Errorf("%v: %s; want 200", c, response.Status)
		}
		if got := response.Header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
			t.Errorf("%v: Cross-Origin-Resource-Policy %q; want same-origin", c, got)
		}
	}
}

func TestOffLoopbackTheTokenIsAskedFor(t *testing.T) {
	for name, way := range map[string]func(*testing.T) (host string, header map[string]string){
		"from another address": func(t *testing.T) (string, map[string]string) { return outside(t), nil },
		"through a proxy on loopback": func(*testing.T) (string, map[string]string) {
			return "127.0.0.1", map[string]string{"X-Forwarded-For": "192.0.2.1"}
		},
		"through one that says who, but not where from": func(*testing.T) (string, map[string]string) {
			return "127.0.0.1", map[string]string{"X-Real-IP": ""}
		},
	} {
		t.Run(name, func(t *testing.T) {
			host, header := way(t)
			dir := t.TempDir()
			_, port, _ := net.SplitHostPort(strings.TrimPrefix(serving(t, quiet(), Config{Addr: "0.0.0.0:0", DataDir: dir}), "http://"))
			token := strings.TrimSpace(read(t, filepath.Join(dir, "token")))
			for authorization, ok := range map[string]bool{
				"Bearer " + token: true, "bearer " + token: true,
				"": false, "Bearer": false, "Bearer ": false, token: false, "Basic " + token: false,
				"Bearer " + token[1:]: false, "Bearer " + token + "x": false, "Bearer " + strings.ToLower(token): false,
			} {
				for _, path := range []string{"/", "/healthz", "/readyz", "/no/such/path"} {
					r := request(t, "http://"+net.JoinHostPort(host, port)+path, header)
					if authorization != "" {
						r.Header.Set("Authorization", authorization)
					}
					switch {
					case !ok:
						if got := refused(t, r, http.StatusUnauthorized).Header.Get("WWW-Authenticate"); !strings.HasPrefix(got, "Bearer") {
							t.Errorf("WWW-Authenticate %q; want Bearer", got)
						}
					case path == "/no/such/path":
						refused(t, r, http.StatusNotFound)
					default:
						if _, response := answer[any](t, r); response.StatusCode == http.StatusUnauthorized {
							t.Errorf("%s with %q: %s", path, authorization, response.Status)
						}
					}
				}
			}
		})
	}
}

func TestWithoutADataDirectoryNoTokenIsRightAndNoneIsNeededOnLoopback(t *testing.T) {
	if _, err := New(Config{Addr: "0.0.0.0:0"}); err == nil || !strings.Contains(err.Error(), "pass --data DIR") {
		t.Errorf("New off loopback = %v; want an error that names --data", err)
	}
	url := serving(t, quiet(), Config{})
	if _, response := answer[health](t, request(t, url+"/healthz", nil)); response.StatusCode != http.StatusOK {
		t.Errorf("on loopback: %s", response.Status)
	}
	for _, authorization := range []string{"", "Bearer ", "Bearer x"} {
		refused(t, request(t, url+"/healthz", map[string]string{"Via": "1.1 proxy", "Authorization": authorization}), http.StatusUnauthorized)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
