package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// trackerProgram is a running "dhtop serve" with a tracker that serves nothing but what it is told of, and its API on a
// socket.
type trackerProgram struct {
	socket string
	client http.Client
	errs   bytes.Buffer
	ended  chan error
}

func runTracker(t *testing.T, dir string, more ...string) *trackerProgram {
	t.Helper()
	p := &trackerProgram{socket: filepath.Join(t.TempDir(), "api"), ended: make(chan error, 1)}
	p.client.Transport = &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", p.socket)
	}}
	cmd := exec.Command(program(t), append([]string{"serve", "--bind", "127.0.0.1", "--port", "0", "--bootstrap", "none", "--data", dir, "--store", "none",
		"--http", "unix:" + p.socket, "--tracker-http", "127.0.0.1:0", "--for", "120s"}, more...)...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir)
	cmd.Stderr = &p.errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		if t.Failed() {
			t.Logf("dhtop serve said:\n%s", &p.errs)
		}
	})
	eventually(t, "the API answers", func() bool {
		r, err := p.client.Get("http://localhost/healthz")
		if err == nil {
			r.Body.Close()
		}
		return err == nil
	})
	return p
}

// stats asks for /stats.
func (p *trackerProgram) stats(t *testing.T) (s struct {
	HTTP     struct{ Listen []string }
	Torrents map[string]struct {
		Name  string
		Stats struct{ Complete, Incomplete int }
	}
}) {
	t.Helper()
	r, err := p.client.Get("http://localhost/stats")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// announce announces a seeder of a hash, in hexadecimal, and returns the answer.
func (p *trackerProgram) announce(t *testing.T, hash string) string {
	t.Helper()
	query := ""
	for i := 0; i < len(hash); i += 2 {
		query += "%" + hash[i:i+2]
	}
	r, err := http.Get(p.stats(t).HTTP.Listen[0] + "?peer_id=aaaaaaaaaaaaaaaaaaaa&port=7&left=0&info_hash=" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// post posts nothing to a path with the token of dir, and returns the status.
func (p *trackerProgram) post(t *testing.T, path, dir string) int {
	t.Helper()
	token, err := os.ReadFile(filepath.Join(dir, "token"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost"+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

func TestATrackerIsToldOfATorrentAndRemembersItAfterItsEnd(t *testing.T) {
	t.Parallel()
	dir, allow, state := t.TempDir(), filepath.Join(t.TempDir(), "allow"), filepath.Join(t.TempDir(), "tracker_state.json")
	const told, imported, other = "2d066c94480adcf5b7ab60065f24e681a57e011f", "e34b5b897bca1ac46ca7992c358ac87f1e0eaddb", "3d066c94480adcf5b7ab60065f24e681a57e011f"
	flask := fmt.Sprintf(`{"torrents": {"%%E3K[%%89{%%CA\u001a%%C4l%%A7%%99,5%%8A%%C8\u007f\u001e\u000e%%AD%%DB": {"info": {"name": "imported"},
		"peers_info": [{"peer_id": "-qB5030-h*YWj1hK4p9Q", "ip": "192.0.2.7", "port": 1000, "last_seen": %d, "left": 0, "is_seeder": true}]}}}`, time.Now().Unix())
	for path, text := range map[string]string{allow: "# nothing\n", state: flask} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := runTracker(t, dir, "--tracker-allow", allow, "--tracker-import", state)
	if says := p.announce(t, told); !strings.Contains(says, "does not serve") {
		t.Errorf("before it is told: %q", says)
	}
	out := runProgram(t, "tracker", "add", "magnet:?xt=urn:btih:"+told+"&dn=told", "--to", "unix:"+p.socket, "--data", dir, "--config", os.DevNull)
	if string(out) != "added  "+told+"  told\n" {
		t.Errorf("%q", out)
	}
	for _, hash := range []string{told, imported} {
		if says := p.announce(t, hash); !strings.Contains(says, "interval") {
			t.Errorf("%s: %q", hash, says)
		}
	}
	if says := p.announce(t, other); !strings.Contains(says, "does not serve") {
		t.Errorf("of another: %q", says)
	}
	if status := p.post(t, "/save_state", dir); status != http.StatusOK {
		t.Errorf("/save_state: %d", status)
	}
	if _, err := os.Stat(filepath.Join(dir, "tracker.state")); err != nil {
		t.Error(err)
	}
	if status := p.post(t, "/shutdown", dir); status != http.StatusOK {
		t.Errorf("/shutdown: %d", status)
	}
	select {
	case err := <-p.ended:
		if err != nil {
			t.Errorf("dhtop serve ended with %v; want 0", err)
		}
	case <-time.After(patience):
		t.Fatal("dhtop serve has not ended")
	}

	p = runTracker(t, dir, "--tracker-allow", allow)
	if says := p.announce(t, told); !strings.Contains(says, "interval") {
		t.Errorf("after a restart: %q", says)
	}
	torrents := p.stats(t).Torrents
	if one, two := torrents[told], torrents[imported]; one.Name != "told" || one.Stats.Complete != 1 || two.Name != "imported" || two.Stats.Complete != 2 {
		t.Errorf("%+v", torrents)
	}
}
