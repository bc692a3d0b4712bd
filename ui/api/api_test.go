package api

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
)

func TestTheIndexNamesPathsThatAnswer(t *testing.T) {
	url := serving(t, lively(), Config{})
	eventually(t, "ready", func() bool {
		_, response := answer[any](t, request(t, url+"/readyz", nil))
		return response.StatusCode == http.StatusOK
	})
	list, _ := answer[indexDocument](t, request(t, url, nil))
	if len(list.Paths) != len(routes()) {
		t.Errorf("the index names %d paths; want all %d", len(list.Paths), len(routes()))
	}
	for i, p := range list.Paths {
		if r := routes()[i]; p.Method != "GET" || strings.Contains(p.Path, "{") || r.media != "" {
			continue
		}
		if _, response := answer[any](t, request(t, url+p.Path, nil)); response.StatusCode != http.StatusOK || p.About == "" {
			t.Errorf("%s (%s): %s", p.Path, p.About, response.Status)
		}
	}
	refused(t, request(t, url+"/no/such/path", nil), http.StatusNotFound)
}

func TestAPathTakesTheMethodsOfItsRows(t *testing.T) {
	url := serving(t, quiet(), Config{})
	takes := map[string][]string{}
	for _, r := range routes() {
		takes[r.path] = append(takes[r.path], r.method)
	}
	for path, methods := range takes {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(methods, method) {
				continue
			}
			asked := request(t, url+strings.NewReplacer("{", "", "}", "").Replace(path), nil)
			asked.Method = method
			allow := refused(t, asked, http.StatusMethodNotAllowed).Header.Get("Allow")
			for _, method := range methods {
				if !slices.Contains(strings.Split(allow, ", "), method) || strings.Contains(allow, "GET") != strings.Contains(allow, "HEAD") {
					t.Errorf("%s %s allows %q; want %v", method, path, allow, methods)
				}
			}
		}
	}
	head := request(t, url+"/healthz", nil)
	head.Method = http.MethodHead
	if _, response := answer[any](t, head); response.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %s", response.Status)
	}
}

func TestTheGuardStandsBeforeEverything(t *testing.T) {
	url := serving(t, quiet(), Config{})
	for _, line := range []string{"OPTIONS * HTTP/1.1", "GET /no/such/path HTTP/1.1", "POST / HTTP/1.1", "GET http://evil.example/healthz HTTP/1.1"} {
		if got := spoken(t, url, line+"\r\nHost: evil.example\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 403 ") {
			t.Errorf("%s: %.40q", line, got)
		}
	}
	if got := spoken(t, url, "GET / HTTP/1.0\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 403 ") {
		t.Errorf("without a Host: %.40q", got)
	}
	if got := spoken(t, url, "GET / HTTP/1.1\r\nHost: localhost\r\nX: "+strings.Repeat("x", 2*maxHeader)+"\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431 ") {
		t.Errorf("a huge header: %.40q", got)
	}
}

// spoken sends text as it is and returns what comes until the connection ends.
func spoken(t *testing.T, url, text string) string {
	t.Helper()
	conn := dial(t, url)
	if _, err := conn.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		got.Write(buffer[:n])
		if err != nil {
			return got.String()
		}
	}
}

func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := net.DialTimeout("tcp", strings.TrimPrefix(url, "http://"), patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience)) //nolint:errcheck // Read tells
	return conn
}

func TestAPortInUseIsToldWithItsRemedy(t *testing.T) {
	first, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = New(Config{Addr: strings.TrimPrefix(first.URL(), "http://")})
	if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "is in use: stop the other program, or pass --http") {
		t.Fatalf("%v; want one line with a remedy", err)
	}
}

func TestRunEndsWithinASecondThoughClientsHang(t *testing.T) {
	s, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	e, err := dhtcore.Open(quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, e) }()
	for _, said := range []string{"", "GET / HTTP/1.1\r\nHost: local", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"} {
		conn := dial(t, s.URL())
		if _, err := conn.Write([]byte(said)); err != nil {
			t.Fatal(err)
		}
	}
	answer[any](t, request(t, s.URL(), nil)) // the others have been accepted
	start := time.Now()
	cancel()
	if err := <-ended; err != nil || time.Since(start) > time.Second {
		t.Fatalf("Run = %v after %v; want nil within a second", err, time.Since(start))
	}
	if conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://")); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
}
