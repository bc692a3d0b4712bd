package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// buildDir holds the program while the tests run; the first that asks for it builds it.
var buildDir string

// programVariable names the program to a test that runs itself in a network of its own.
const programVariable = "PROGRAM_UNDER_TEST"

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		f.Value.Set("8") //nolint:errcheck // a number. More than there are cores: the parallel tests wait for other programs.
	}
	os.Setenv("DHTOP_PORT_MAP", "off") // the router of this network is none of a test's business
	var err error
	if buildDir, err = os.MkdirTemp("", "dhtop-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(buildDir) // a leftover in the temporary directory
	os.Exit(code)
}

var build = sync.OnceValues(func() (path string, err error) {
	if path = os.Getenv(programVariable); path != "" {
		return path, nil
	}
	path = filepath.Join(buildDir, "dhtop")
	out, err := exec.Command("go", "build", "-o", path, "dhtop").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, err
})

// program returns the path of the real program.
func program(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// runProgram runs the program until it ends and returns what it wrote to stdout.
func runProgram(t *testing.T, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t), args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dhtop %q: %v\n%s%s", args, err, out, &errs)
	}
	return out
}

// exitInterrupted is the contract's exit code of a command that a signal ended.
const exitInterrupted = 130

// patience is how long a test waits for what takes a second or two on a machine at rest.
const patience = 20 * time.Second

// eventually waits until done returns true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !done() {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("waited %s in vain: %s", patience, what)
		}
	}
}

// server is a running "dhtop serve --ndjson" on loopback.
type server struct {
	addr  string
	dir   string // of its data
	store string // URL
	cmd   *exec.Cmd
	errs  bytes.Buffer
	ended chan error

	mu     sync.Mutex
	events []streamed
}

// streamed is a line of the event stream, with the fields that the tests look at.
type streamed struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	InfoHash string    `json:"info_hash"`
	Addr     string    `json:"addr"`
	Hashes   uint64    `json:"hashes"` // of "sampled"
}

// serveOnLoopback starts a node that knows nobody and waits until it answers.
func serveOnLoopback(t *testing.T) *server { t.Helper(); return serveAt(t, freeAddr(t)) }

func serveAt(t *testing.T, listen string, more ...string) *server {
	t.Helper()
	s := &server{addr: listen, dir: t.TempDir(), ended: make(chan error, 1)}
	s.store = "sqlite:" + filepath.Join(s.dir, "hashes.sqlite")
	addr := netip.MustParseAddrPort(s.addr)
	s.cmd = exec.Command(program(t), append([]string{"serve", "--bind", addr.Addr().String(), "--port", fmt.Sprint(addr.Port()),
		"--no-ipv6", "--bootstrap", "none", "--data", s.dir, "--store", s.store, "--ndjson", "--for", "120s", "--http", "none"}, more...)...)
	s.cmd.Stderr = &s.errs
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		lines := json.NewDecoder(stdout)
		for {
			var e streamed
			if err := lines.Decode(&e); err != nil { // its end, or what stop reports as an odd exit
				break
			}
			s.mu.Lock()
			s.events = append(s.events, e)
			s.mu.Unlock()
		}
		s.ended <- s.cmd.Wait()
	}()
	t.Cleanup(func() {
		if s.cmd.ProcessState == nil {
			s.cmd.Process.Kill() //nolint:errcheck // it may have ended meanwhile
			<-s.ended            //nolint:errcheck // it was killed
		}
		if t.Failed() {
			t.Logf("dhtop serve said:\n%s", &s.errs)
		}
	})
	eventually(t, "dhtop serve answers a ping", func() bool { return ping(s.addr) })
	return s
}

// stop interrupts the node as ctrl+c does.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.ended:
		if code := s.cmd.ProcessState.ExitCode(); code != exitInterrupted {
			t.Fatalf("dhtop serve ended with %v; want exit code %d", err, exitInterrupted)
		}
	case <-time.After(patience):
		t.Fatal("dhtop serve goes on after SIGINT")
	}
}

// A supervisor stops a service by SIGTERM, and a service that was stopped has not failed.
func TestServeEndsWith0OnSIGTERMAnd130OnSIGINT(t *testing.T) {
	t.Parallel()
	s := serveOnLoopback(t)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Skip("this system has no SIGTERM: ", err)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("SIGTERM: %v", err)
		}
	case <-time.After(patience):
		t.Fatal("dhtop serve goes on after SIGTERM")
	}
	serveOnLoopback(t).stop(t)
}

// seen returns the addresses in the events of one kind about one hash; any hash if it is "".
func (s *server) seen(kind, hash string) (addrs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.Kind == kind && (hash == "" || e.InfoHash == hash) {
			addrs = append(addrs, e.Addr)
		}
	}
	return addrs
}

// await waits for an event.
func (s *server) await(t *testing.T, kind, hash, addr string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%s %s %s", kind, hash, addr), func() bool { return slices.Contains(s.seen(kind, hash), addr) })
}

// nextPort is the next port that freeAddrOn tries. It is below those that systems hand out, so that no socket of another
// test takes it before the program does that it is meant for.
var nextPort atomic.Int32

// freeAddr returns an address on loopback whose UDP and TCP port nobody uses, another one each time.
func freeAddr(t *testing.T) string { t.Helper(); return freeAddrOn(t, "127.0.0.1") }

func freeAddrOn(t *testing.T, ip string) string {
	t.Helper()
	const first, ports = 20_000, 12_000
	nextPort.CompareAndSwap(0, int32(os.Getpid()%ports)) // another run beside this one begins elsewhere
	for range 100 {
		addr := net.JoinHostPort(ip, strconv.Itoa(first+int(nextPort.Add(1))%ports))
		conn, err := net.ListenPacket("udp4", addr)
		if err != nil {
			continue
		}
		conn.Close()
		if l, err := net.Listen("tcp4", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatalf("no free port at %s", ip)
	return ""
}

// pingQuery is a ping of nobody in particular.
const pingQuery = "d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe"

// ping reports whether a DHT node answers at addr.
func ping(addr string) bool {
	conn, err := net.Dial("udp4", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(200 * time.Millisecond)) //nolint:errcheck // Read tells
	if _, err := conn.Write([]byte(pingQuery)); err != nil {
		return false
	}
	n, err := conn.Read(make([]byte, 1500))
	return err == nil && n > 0
}

// freePort returns the port of a freeAddr.
func freePort(t *testing.T) string {
	t.Helper()
	_, port, err := net.SplitHostPort(freeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	return port
}
