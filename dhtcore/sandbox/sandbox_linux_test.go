package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// confinedIn is the variable that makes the test program confine itself to a directory, and try what is out of reach.
const confinedIn = "DHTOP_TEST_CONFINED_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(confinedIn); dir != "" {
		confined(dir)
		return
	}
	os.Exit(m.Run())
}

// confined prints what a confined process can do, "yes" or "no" a line.
func confined(dir string) {
	open, err := os.Open(filepath.Join(dir, "outside", "open"))
	if err != nil {
		fmt.Println(err)
		return
	}
	// Threads that run already are confined too.
	var threads sync.WaitGroup
	begin := make(chan struct{})
	denied := make(chan bool, 20)
	for range cap(denied) {
		threads.Go(func() {
			<-begin
			_, err := os.ReadFile(filepath.Join(dir, "outside", "secret"))
			denied <- errors.Is(err, fs.ErrPermission)
		})
	}
	state := Confine(Files{Read: []string{filepath.Join(dir, "read"), filepath.Join(dir, "missing")}, Write: []string{filepath.Join(dir, "write")}, Remove: []string{filepath.Join(dir, "sockets")}})
	close(begin)
	threads.Wait()
	close(denied)
	all := true
	for d := range denied {
		all = all && d
	}
	able := func(what string, err error) {
		if err == nil {
			fmt.Println(what, "yes")
		} else {
			fmt.Println(what, "no")
		}
	}
	fmt.Println("on", state.On, state.Why)
	fmt.Println("denied to all threads", all)
	_, err = os.ReadFile(filepath.Join(dir, "outside", "secret"))
	able("read outside", err)
	able("write outside", os.WriteFile(filepath.Join(dir, "outside", "new"), nil, 0o600))
	able("remove outside", os.Remove(filepath.Join(dir, "outside", "secret")))
	_, err = os.ReadDir(dir)
	able("list outside", err)
	_, err = os.ReadFile(filepath.Join(dir, "sockets", "socket"))
	able("read a socket's place", err)
	able("remove a socket", os.Remove(filepath.Join(dir, "sockets", "socket")))
	able("run a program", exec.Command("/bin/true").Run())
	_, err = os.ReadFile(filepath.Join(dir, "read", "file"))
	able("read what may be read", err)
	able("write what may be read", os.WriteFile(filepath.Join(dir, "read", "file"), nil, 0o600))
	able("write", os.WriteFile(filepath.Join(dir, "write", "new"), []byte("x"), 0o600))
	able("rename", os.Rename(filepath.Join(dir, "write", "new"), filepath.Join(dir, "write", "below", "newer")))
	_, err = os.ReadFile(filepath.Join(dir, "write", "below", "newer"))
	able("read what was written", err)
	_, err = open.Read(make([]byte, 1))
	able("read what is open", err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	able("listen", err)
	if err == nil {
		l.Close()
	}
}

// filesToTry returns a directory with what confined tries.
func filesToTry(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, path := range []string{"read", "write/below", "outside", "sockets"} {
		if err := os.MkdirAll(filepath.Join(dir, path), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"read/file", "outside/secret", "outside/open", "sockets/socket"} {
		if err := os.WriteFile(filepath.Join(dir, path), []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAConfinedProcessOpensNothingElse(t *testing.T) {
	needs.That(t, version() > 0, "a kernel with Landlock")
	dir := filesToTry(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), confinedIn+"="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"on true Landlock, version ", "denied to all threads true", "read outside no", "write outside no", "remove outside no", "list outside no", "read a socket's place no", "remove a socket yes",
		"run a program no", "read what may be read yes", "write what may be read no", "write yes", "rename yes", "read what was written yes",
		"read what is open yes", "listen yes",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("it is not so: %s", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}

// libpsx once waited forever there.
func TestAProcessWithoutAProcOfItsOwnRunsOn(t *testing.T) {
	needs.That(t, version() > 0, "a kernel with Landlock")
	needs.That(t, os.Geteuid() == 0, "root")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), confinedIn+"="+filesToTry(t))
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "on ") {
		t.Errorf("%v\n%s", err, out)
	}
}
