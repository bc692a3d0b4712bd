package api

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

// TestNobodyBreaksIn tries what pages of others and careless or hostile programs send, on one server.
func TestNobodyBreaksIn(t *testing.T) {
	t.Parallel()
	cfg, dir := quiet(), t.TempDir()
	cfg.Crawl = true
	url, e := servingExplorer(t, cfg, Config{DataDir: dir})
	c := commander{url, strings.TrimSpace(read(t, filepath.Join(dir, "token")))}
	t.Run("paths lead nowhere else", func(t *testing.T) { t.Parallel(); paths(t, url) })
	t.Run("a page of another origin changes nothing", func(t *testing.T) { t.Parallel(); foreignPages(t, c, e) })
	t.Run("ten megabytes are not read", func(t *testing.T) { t.Parallel(); tenMegabytes(t, c) })
	t.Run("a slow header ends the connection", func(t *testing.T) { t.Parallel(); slowHeader(t, url) })
}

func paths(t *testing.T, url string) {
	t.Helper()
	for target, status := range map[string]int{
		"//":                                   404,
		"/api/v1//stats":                       404,
		"/api/v1/../v1/stats":                  404,
		"/api/v1/./stats":                      404,
		"/api/v1/stats/":                       404,
		"/API/v1/stats":                        404,
		"/api/v1/stats%2f":                     404,
		"/api/v1/%2e%2e/v1/stats":              404,
		"/api/v1/stats%00":                     404,
		"/..%2f..%2f..%2fetc%2fpasswd":         404,
		"/api/v1/hashes/..%2f..%2fstats":       400, // no hash, and no file
		"/api/v1/hashes/%2e%2e":                400,
		"/api/v1/hashes/file:%2f%2f%2fetc%2fx": 400,
		"/api/v1/hashes/%00":                   400,
		"/api/v1/hashes/":                      404,
		"/api/v1/hashes/{info_hash}":           400,
		"/api/v1/stats;v=1":                    404,
		"/api/v1/stats?;":                      400,
		"/api/v1/stats?a=%zz":                  400,
		"http://localhost/healthz":             200, // the form of proxies
		"http://evil.example/healthz":          403,
		"http://evil.example@localhost/":       200, // a name of a user: the host is ours
		"/healthz#x":                           404,
	} {
		got := spoken(t, url, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(got, fmt.Sprintf("HTTP/1.1 %d ", status)) {
			t.Errorf("%s: %.60q; want %d", target, got, status)
		}
	}
	for _, head := range []string{
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost, evil.example\r\n",
		"GET /healthz HTTP/1.1\r\nHost: \r\n",
		"GET /healthz HTTP/1.1\r\n",
		"GET /healthz HTTP/1.1\r\nHost : localhost\r\n",
		"GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
		"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n",
		"GET /healthz\r\nHost: localhost\r\n",
	} {
		if got := spoken(t, url, head+"Connection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 4") && !strings.HasPrefix(got, "HTTP/1.1 501") {
			t.Errorf("%q: %.60q; want a refusal", head, got)
		}
	}
}

func foreignPages(t *testing.T, c commander, e *dhtcore.Explorer) {
	t.Helper()
	for _, header := range []map[string]string{
		{"Origin": "http://evil.example"},
		{"Origin": "null"},
		{"Origin": "http://localhost:1"},
		{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
		{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, // a form that is sent
		{"Sec-Fetch-Site": "same-site"},
		{"Host": "rebound.example"}, // its own name, that resolves to us
	} {
		r := c.post(t, "/api/v1/crawl", `{"running":false}`) // even with the token
		for name, value := range header {
			r.Header.Set(name, value)
		}
		if r.Header.Get("Host") != "" {
			r.Host = r.Header.Get("Host")
		}
		refused(t, r, http.StatusForbidden)
	}
	preflight := request(t, c.url+"/api/v1/crawl", map[string]string{"Access-Control-Request-Method": "POST"})
	preflight.Method = http.MethodOptions
	if got := refused(t, preflight, http.StatusMethodNotAllowed).Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("a preflight is told %q", got)
	}
	if !e.Snapshot().Crawl.Running {
		t.Error("the crawl was stopped")
	}
}

func tenMegabytes(t *testing.T, c commander) {
	t.Helper()
	conn := dial(t, c.url)
	fmt.Fprintf(conn, "POST /api/v1/lookups HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", c.token, 10<<20)
	go io.Copy(conn, io.LimitReader(zeros{}, 10<<20)) //nolint:errcheck // the server closes the connection
	head := make([]byte, 12)
	if _, err := io.ReadFull(conn, head); err != nil || string(head) != "HTTP/1.1 413" {
		t.Errorf("%q, %v; want 413", head, err)
	}
}

// zeros is an endless body.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func slowHeader(t *testing.T, url string) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	conn := dial(t, url)
	if _, err := conn.Write([]byte("GET /healthz HTTP/1.1\r\nHost: local")); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if rest, err := io.ReadAll(conn); err != nil || time.Since(begun) < headerTimeout-time.Second {
		t.Errorf("it ended after %v with %q, %v; want its end after %v", time.Since(begun), rest, err, headerTimeout)
	}
}
