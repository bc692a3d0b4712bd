package cli_test

import (
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// database is a PostgreSQL server of our own on a free port of loopback, which ends with the test.
type database struct {
	bin, dir, port string
	as             *syscall.Credential // nil for ourselves; PostgreSQL refuses root
}

// startDatabase starts a server, or skips the test: not all have one, and it takes seconds.
func startDatabase(t *testing.T) *database {
	t.Helper()
	if os.Getenv("DHTOP_POSTGRES") == "" {
		t.Skip("set DHTOP_POSTGRES=1 to test against a PostgreSQL server, which the test starts itself")
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, missing := exec.LookPath("initdb"); missing == nil {
		found = append(found, path)
	}
	need(t, err == nil && len(found) > 0, "PostgreSQL's initdb (Debian's package is postgresql)")
	d := &database{bin: filepath.Dir(found[len(found)-1]), port: freePort(t)}
	if d.dir, err = os.MkdirTemp("", "dhtop-postgres-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d.dir) })
	if os.Getuid() == 0 {
		d.as = somebody(t)
		if err := os.Chown(d.dir, int(d.as.Uid), int(d.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	d.run(t, "initdb", "--no-sync", "--auth=trust", "--username=dhtop", "--encoding=UTF8", "--locale=C", "-D", d.data())
	d.start(t)
	t.Cleanup(func() { d.stop(t) })
	return d
}

// freePort returns a TCP port on loopback that nobody uses.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// somebody is a user without rights to run the server as.
func somebody(t *testing.T) *syscall.Credential {
	t.Helper()
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, _ := strconv.ParseUint(u.Uid, 10, 32)
			gid, _ := strconv.ParseUint(u.Gid, 10, 32)
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	t.Skip("neither postgres nor nobody is a user here, and PostgreSQL refuses root")
	return nil
}

// run runs a program of PostgreSQL. Its output goes to a file, as a pipe would stay open in the server.
func (d *database) run(t *testing.T, name string, args ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	log, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(d.bin, name), args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = d.dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: d.as}
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, read(t, path))
	}
}

func (d *database) start(t *testing.T) {
	t.Helper()
	d.run(t, "pg_ctl", "start", "-w", "-D", d.data(), "-l", filepath.Join(d.dir, "log"),
		"-o", "-c listen_addresses=127.0.0.1 -c port="+d.port+" -c fsync=off -c unix_socket_directories="+d.dir)
}

// stop ends the server as a crash does.
func (d *database) stop(t *testing.T) {
	t.Helper()
	d.run(t, "pg_ctl", "stop", "-w", "-m", "immediate", "-D", d.data())
}

func (d *database) data() string { return filepath.Join(d.dir, "data") }
func (d *database) url() string  { return "postgres://dhtop@127.0.0.1:" + d.port + "/postgres" }
