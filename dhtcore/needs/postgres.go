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
)

// Postgres is a PostgreSQL server on a free port of loopback, with its data in a temporary directory.
type Postgres struct {
	bin, dir string
	port     int
}

// OpenPostgres starts a server that ends with the test. It takes seconds: tests with -short skip it.
func OpenPostgres(t testing.TB) *Postgres {
	t.Helper()
	if testing.Short() {
		t.Skip("starting PostgreSQL takes seconds")
	}
	p, err := StartPostgres()
	CheckPostgres(t, err)
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// CheckPostgres fails the test if StartPostgres did, and skips it if there is no PostgreSQL.
func CheckPostgres(t testing.TB, err error) {
	t.Helper()
	That(t, !errors.Is(err, exec.ErrNotFound), "postgresql")
	if err != nil {
		t.Fatal(err)
	}
}

// StartPostgres starts a server, which the caller closes. The error is exec.ErrNotFound where PostgreSQL
// is not installed.
func StartPostgres() (*Postgres, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("initdb: %w", exec.ErrNotFound)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "dhtop-postgres-")
	if err != nil {
		return nil, err
	}
	p := &Postgres{bin: filepath.Dir(found[len(found)-1]), dir: dir, port: port}
	err = giveAway(dir)
	if err == nil {
		err = p.run("initdb", "--no-sync", "--auth=trust", "--username=dhtop", "--encoding=UTF8", "--locale=C", "-D", p.data())
	}
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary directory
		return nil, err
	}
	return p, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// Start starts the server again after Stop.
func (p *Postgres) Start() error {
	return p.run("pg_ctl", "start", "-w", "-D", p.data(), "-l", filepath.Join(p.dir, "log"),
		"-o", "-c listen_addresses=127.0.0.1 -c port="+strconv.Itoa(p.port)+" -c fsync=off -c unix_socket_directories="+p.dir)
}

// Stop ends the server as a crash does.
func (p *Postgres) Stop() error {
	return p.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", p.data())
}

// Close ends the server and removes its data.
func (p *Postgres) Close() error { return errors.Join(p.Stop(), os.RemoveAll(p.dir)) }

// URL returns the URL of a database of the server. The first one is called postgres.
func (p *Postgres) URL(database string) string {
	return "postgres://dhtop:secret@127.0.0.1:" + strconv.Itoa(p.port) + "/" + database
}

func (p *Postgres) data() string { return filepath.Join(p.dir, "data") }

// run runs a program of PostgreSQL. Its output goes to a file, as a pipe would stay open in the server.
func (p *Postgres) run(name string, args ...string) error {
	log, err := os.CreateTemp("", "dhtop-postgres-log-")
	if err != nil {
		return err
	}
	defer os.Remove(log.Name()) //nolint:errcheck // a leftover in the temporary directory
	defer log.Close()           //nolint:errcheck // nothing of ours is in it
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, log, log
	if err := asUser(cmd); err != nil {
		return err
	}
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}
