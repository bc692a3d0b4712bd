package api

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/needs"
	"dhtop/views/report"
)

// quiet is an Explorer that knows nobody and keeps nothing.
func quiet() dhtcore.Config {
	return dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 2}, Bootstrap: []string{}}
}

// lively is an Explorer among nodes that ask for hashes.
func lively() dhtcore.Config {
	return dhtcore.Config{Demo: &dhtcore.Demo{Nodes: 40, Seed: 7}, Crawl: true}
}

// serving runs an Explorer and a Server until the test ends, and returns where the Server is.
func serving(t *testing.T, explorer dhtcore.Config, c Config) (url string) {
	t.Helper()
	url, _ = servingExplorer(t, explorer, c)
	return url
}

// noMask are options that hide nothing.
var noMask report.Options

// servingExplorer is serving for a test that needs the Explorer too.
func servingExplorer(t *testing.T, explorer dhtcore.Config, c Config) (url string, e *dhtcore.Explorer) {
	t.Helper()
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = dhtcore.Open(explorer); err != nil {
		s.Close()
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	go func() { ended <- e.Run(ctx) }()
	go func() { ended <- s.Run(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
		}
	})
	return s.URL(), e
}

// request makes a GET. The header Host is the request's.
func request(t *testing.T, url string, header map[string]string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if host := header["Host"]; host != "" {
		r.Host = host
	}
	return r
}

// answer sends a request on a connection of its own and reads the answer, a JSON document but to HEAD.
func answer[T any](t *testing.T, r *http.Request) (document T, response *http.Response) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err == nil && r.Method != http.MethodHead {
		err = json.Unmarshal(b, &document)
	}
	media := response.Header.Get("Content-Type")
	_, isProblem := any(document).(problem)
	good := media == "application/json" && !isProblem || media == "application/problem+json" && response.StatusCode >= http.StatusBadRequest
	if err != nil || !good {
		t.Fatalf("%s %s: %s: %v: %.300q", r.Method, r.URL, response.Status, err, b)
	}
	if r.Method != http.MethodHead && response.StatusCode != http.StatusForbidden { // those are of the guard
		conforms(t, response, b)
	}
	return document, response
}

// refused checks that a request is answered with an error in words.
func refused(t *testing.T, r *http.Request, status int) *http.Response {
	t.Helper()
	says, response := answer[problem](t, r)
	if response.StatusCode != status || r.Method != http.MethodHead && (says.Status != status || says.Detail == "" || says.Type == "" || says.Title == "") {
		t.Errorf("%s %s with %v: %s %+v; want %d and why", r.Method, r.URL, r.Header, response.Status, says, status)
	}
	return response
}

// patience is how long a test waits for what takes some seconds on a machine at rest.
const patience = 30 * time.Second

// eventually waits until done returns true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("waited %s in vain: %s", patience, what)
		}
	}
}

// outside returns an address of this machine that is not on loopback.
func outside(t *testing.T) string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	needs.That(t, false, "an IPv4 address that is not on loopback")
	return ""
}
