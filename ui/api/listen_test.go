package api

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"dhtop/dhtcore/needs"
)

func TestASocketIsThatOfItsOwnerAlone(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets with rights")
	path := filepath.Join(t.TempDir(), "api.sock")
	dir := t.TempDir()
	if url := serving(t, quiet(), Config{Addr: "unix:" + path, DataDir: dir}); url != "unix:"+path {
		t.Errorf("it listens on %s", url)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket has mode %v, %v; want 0600", info.Mode(), err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}}}
	for _, c := range []struct {
		method, host string
		header       map[string]string
		status       int
	}{
		{"GET", "localhost", nil, 200},
		{"GET", "evil.example", nil, 403},
		{"GET", "localhost", map[string]string{"X-Forwarded-For": "192.0.2.1"}, 401},
		{"POST", "localhost", nil, 401},
		{"POST", "localhost", map[string]string{"Authorization": "Bearer " + strings.TrimSpace(read(t, filepath.Join(dir, "token")))}, 415},
	} {
		path := "/healthz"
		if c.method == "POST" {
			path = "/api/v1/crawl"
		}
		r := request(t, "http://localhost"+path, c.header)
		r.Method, r.Host = c.method, c.host
		response, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s %s %v: %s; want %d", c.method, c.host, c.header, response.Status, c.status)
		}
	}
	if _, err := New(Config{Addr: "unix:" + path}); err == nil || !strings.Contains(err.Error(), "is in use") {
		t.Errorf("a second one: %v; want that the first is in the way", err)
	}
}

func TestASocketThatWasLeftBehindIsReplaced(t *testing.T) {
	needs.That(t, runtime.GOOS != "windows", "Unix sockets that outlive their program")
	dir := t.TempDir()
	stale, file := filepath.Join(dir, "stale"), filepath.Join(dir, "file")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Addr: "unix:" + stale})
	if err != nil {
		t.Fatalf("where one was left behind: %v", err)
	}
	s.Close()
	if _, err := os.Stat(stale); err == nil {
		t.Error("it leaves its socket behind")
	}
	for path, says := range map[string]string{
		file: "exists and is not a socket", filepath.Join(dir, "no", "such"): "cannot listen on the socket", filepath.Join(dir, strings.Repeat("x", 120)): "pass a shorter one",
	} {
		if _, err := New(Config{Addr: "unix:" + path}); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %q", path, err, says)
		}
	}
	if read(t, file) != "mine" {
		t.Error("a file was overwritten")
	}
}

func TestOneConnectionTooManyIsAnsweredAtOnce(t *testing.T) {
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := newBounded(plain, 2)
	defer l.Close()
	accepted := make(chan net.Conn, 3)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- conn
		}
	}()
	url := "http://" + plain.Addr().String()
	dial(t, url)
	dial(t, url)
	first := <-accepted
	<-accepted
	third, err := io.ReadAll(dial(t, url))
	if head, body, _ := strings.Cut(string(third), "\r\n\r\n"); err != nil || !strings.HasPrefix(head, "HTTP/1.1 503 ") ||
		!strings.Contains(head, "Content-Length: ") || !strings.Contains(head, "Retry-After: ") || !strings.Contains(body, "too many clients") {
		t.Errorf("%q, %v", third, err)
	}
	first.Close()
	first.Close() // as net/http may
	dial(t, url)
	(<-accepted).Close()
}
