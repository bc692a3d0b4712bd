package needs

import (
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Namespace is a network namespace of its own beside that of the test, which ends with it. Create it with NewNamespace, in
// the process in which OwnNetwork returns true.
type Namespace struct {
	ID    string // for "netns" of ip
	calls chan func()
}

// NewNamespace returns one in which only loopback is up.
func NewNamespace(t testing.TB) *Namespace {
	t.Helper()
	n := &Namespace{calls: make(chan func())}
	begun := make(chan error)
	go n.run(begun)
	NoError(t, <-begun, "a network namespace")
	t.Cleanup(func() { close(n.calls) })
	n.IP(t, "link set lo up")
	return n
}

// run is the thread of the namespace.
func (n *Namespace) run(begun chan<- error) {
	runtime.LockOSThread() // for good: the thread ends with the goroutine, and the namespace with its last socket
	if syscall.Gettid() == syscall.Getpid() {
		defer runtime.UnlockOSThread()
		other := make(chan error)
		go n.run(other) // /proc/net is the network of the first thread
		begun <- <-other
		return
	}
	err := syscall.Unshare(syscall.CLONE_NEWNET)
	n.ID = strconv.Itoa(syscall.Gettid())
	begun <- err
	for call := range n.calls {
		call()
	}
}

// Do calls f in the namespace: the sockets that it opens and the programs that it starts stay there.
func (n *Namespace) Do(f func()) {
	done := make(chan struct{})
	n.calls <- func() {
		defer close(done)
		f()
	}
	<-done
}

// IP runs commands of ip in the namespace.
func (n *Namespace) IP(t testing.TB, commands ...string) {
	t.Helper()
	n.Do(func() { runIP(t, commands...) })
}

// IP runs commands of ip in the namespace of the test.
func IP(t testing.TB, commands ...string) {
	t.Helper()
	runIP(t, commands...)
}

func runIP(t testing.TB, commands ...string) {
	t.Helper()
	cmd := exec.Command(Program(t, "ip", "iproute2"), "-batch", "-")
	cmd.Stdin = strings.NewReader(strings.Join(commands, "\n"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("ip %q: %v\n%s", commands, err, out)
	}
}
