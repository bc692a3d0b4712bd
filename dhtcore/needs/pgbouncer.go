package needs

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Bouncer starts a PgBouncer in transaction mode in front of the server, with so many connections to it. It ends
// with the test. The returned function makes the URL of a database of the server one that leads through it.
func (p *Postgres) Bouncer(t testing.TB, connections int) (url func(database string) string) {
	t.Helper()
	program := Program(t, "pgbouncer", "pgbouncer")
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "dhtop-pgbouncer-")
	if err == nil {
		err = giveAway(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) }) //nolint:errcheck // a temporary directory
	settings := filepath.Join(dir, "pgbouncer.ini")
	log := filepath.Join(dir, "log")
	text := fmt.Sprintf("[databases]\n* = host=127.0.0.1 port=%d user=dhtop\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = %d\n"+
		"auth_type = any\npool_mode = transaction\ndefault_pool_size = %d\nlogfile = %s\nunix_socket_dir =\n",
		p.port, port, connections, log)
	if err := os.WriteFile(settings, []byte(text), 0o644); err != nil { //nolint:gosec // another user reads it
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-q", settings)
	cmd.Dir = dir
	err = asUser(cmd)
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := listens(address, 10*time.Second); err != nil {
		said, _ := os.ReadFile(log)
		t.Fatalf("pgbouncer: %v\n%s", err, said)
	}
	return func(database string) string { return "postgres://dhtop:secret@" + address + "/" + database }
}

// listens waits until an address accepts connections.
func listens(address string, limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			return c.Close()
		}
		if time.Now().After(end) {
			return errors.Join(err, fmt.Errorf("it does not listen at %s after %s", address, limit))
		}
	}
}
