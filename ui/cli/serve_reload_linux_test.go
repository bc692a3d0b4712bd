package cli_test

import (
	"bytes"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// service is "dhtop serve" as a supervisor runs it.
type service struct {
	cmd   *exec.Cmd
	ended chan error

	mu     sync.Mutex
	states []string // that it has told the supervisor
	errs   bytes.Buffer
}

// Write takes in what it writes to stderr.
func (s *service) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errs.Write(b)
}

// told reports whether the service has told the supervisor a state.
func (s *service) told(state string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(strings.Join(s.states, "\n"), state)
}

// said reports whether the service has written a text to stderr.
func (s *service) said(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(s.errs.String(), text)
}

// supervise starts "dhtop serve" with a socket for its states and waits until it is ready.
func supervise(t *testing.T, args ...string) *service {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	s := &service{ended: make(chan error, 1)}
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := socket.Read(b)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.states = append(s.states, string(b[:n]))
			s.mu.Unlock()
		}
	}()
	s.cmd = exec.Command(program(t), append([]string{"serve", "--bind", "127.0.0.1", "--port", "0", "--no-ipv6", "--bootstrap", "none"}, args...)...)
	s.cmd.Env = append(os.Environ(), "NOTIFY_SOCKET="+path, "WATCHDOG_USEC=1500000", "XDG_CONFIG_HOME="+t.TempDir())
	s.cmd.Stderr = s
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() {
		s.cmd.Process.Kill() //nolint:errcheck // it may have ended
		socket.Close()
		if t.Failed() {
			s.mu.Lock()
			t.Logf("dhtop serve told %q and said:\n%s", s.states, &s.errs)
			s.mu.Unlock()
		}
	})
	eventually(t, "it is ready", func() bool { return s.told("READY=1") })
	return s
}

func (s *service) signal(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

func TestAServiceTellsItsSupervisorAndReloadsOnSIGHUP(t *testing.T) {
	t.Parallel()
	dir, api := t.TempDir(), "127.0.0.1:"+freePort(t)
	config := filepath.Join(dir, "config.toml")
	write := func(text string) {
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	maxHashes := func() (n int) {
		r, err := http.Get("http://" + api + "/healthz")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		var health struct {
			Memory struct {
				Max int `json:"max_hashes"`
			}
		}
		if err := json.NewDecoder(r.Body).Decode(&health); err != nil {
			t.Fatal(err)
		}
		return health.Memory.Max
	}
	write("max-hashes = 5000\n")
	s := supervise(t, "--config", config, "--data", filepath.Join(dir, "data"), "--http", api, "--rate-new", "7")
	eventually(t, "a sign of life", func() bool { return s.told("WATCHDOG=1") })
	if n := maxHashes(); n != 5000 {
		t.Fatalf("it begins with %d hashes", n)
	}

	write("max-hashes = 6000\nport = 1234\nrate-new = 8 # the command line has another\n[serve]\nlog-level = 'warning'\n")
	s.signal(t, syscall.SIGHUP)
	eventually(t, "the reload", func() bool { return s.told("RELOADING=1\nMONOTONIC_USEC=") })
	eventually(t, "another bound", func() bool { return maxHashes() == 6000 })
	for _, line := range []string{
		"dhtop: reload: max-hashes is 6000 (" + config + ":1); it was 5000\n",
		"dhtop: reload: log-level is warning (" + config + ":5); it was info\n",
	} {
		eventually(t, line, func() bool { return s.said(line) })
	}
	if s.said("rate-new") || s.said("port is") {
		t.Error("what the command line says is taken from the file")
	}

	write("max-hashes = 7000\nvantages = 2\nno-such = 1\n")
	s.signal(t, syscall.SIGHUP)
	eventually(t, "a mistake in the file", func() bool {
		return s.said("dhtop: reload: all settings stay as they were: " + config + `:3: unknown setting "no-such"`)
	})
	if n := maxHashes(); n != 6000 {
		t.Errorf("half of a wrong file is in force: %d", n)
	}
	write("vantages = 2\n")
	s.signal(t, syscall.SIGHUP)
	eventually(t, "what needs a restart", func() bool {
		return s.said("dhtop: reload: vantages is 2 (" + config + ":1): restart dhtop to change it from 1\n")
	})
	eventually(t, "the default", func() bool { return maxHashes() == 1_000_000 })

	began := time.Now()
	s.signal(t, syscall.SIGTERM)
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("SIGTERM: %v", err)
		}
		t.Logf("it ended after %s", time.Since(began))
	case <-time.After(patience):
		t.Fatal("it goes on after SIGTERM")
	}
	eventually(t, "the end", func() bool { return s.told("STOPPING=1") })
}
