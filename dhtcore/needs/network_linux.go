package needs

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// networkMark is set in the environment of a test that runs in a network of its own.
const networkMark = "DHTOP_TEST_NETWORK"

// OwnNetwork runs the test again, in a process in a network namespace in which no interface is up, and reports its
// result. It returns true in that process, and false in the first one. A test that says ForeignCrash is run once more.
func OwnNetwork(t *testing.T) bool {
	t.Helper()
	if os.Getenv(networkMark) != "" {
		return true
	}
	for again := false; ; again = true {
		out, err := inOwnNetwork(t)
		switch {
		case err == nil && strings.Contains(out, "--- PASS: "+t.Name()):
		case err == nil && strings.Contains(out, "--- SKIP: "+t.Name()):
			t.Skipf("in its own network:\n%s", out)
		case strings.Contains(out, ForeignCrash) && !again:
			t.Logf("once more, as %s", ForeignCrash)
			continue
		default:
			t.Errorf("in its own network: %v\n%s", err, out)
		}
		return false
	}
}

// ForeignCrash is said by a test that fails because a foreign program has crashed, for which ours is not to blame:
// libtorrent's binding to Python does once in some hundred runs.
const ForeignCrash = "a foreign program has crashed"

// inOwnNetwork runs the test in a network namespace.
func inOwnNetwork(t *testing.T) (said string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout=3m", "-test.parallel=64")
	cmd.Env = append(os.Environ(), networkMark+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Start()
	NoError(t, err, "permission to make a network namespace")
	err = cmd.Wait()
	return out.String(), err
}

// Switch is an Ethernet switch in a network namespace of the test, where the test itself is at the addresses SwitchIPv4
// and SwitchIPv6. Create it with NewSwitch, in the process in which OwnNetwork returns true.
type Switch struct {
	ip    string // the program
	hosts int    // so far, the test among them
}

// Where a test is in the network of its Switch. The other hosts have the next addresses. The IPv6 ones are those of
// documentation, as Transmission takes private ones for no IPv6 at all.
var (
	SwitchIPv4 = netip.MustParseAddr("10.77.0.1")
	SwitchIPv6 = netip.MustParseAddr("2001:db8:77::1")
)

// NewSwitch makes a switch, which ends with the network namespace.
func NewSwitch(t testing.TB) *Switch {
	t.Helper()
	s := &Switch{ip: Program(t, "ip", "iproute2")}
	err := s.run(append([]string{"link set lo up", "link add switch type bridge forward_delay 0"}, s.Host().up("switch")...)...)
	NoError(t, err, "a bridge between network namespaces")
	return s
}

// Host is a host at a Switch.
type Host struct {
	IPv4, IPv6 netip.Addr // an invalid IPv6 is none
	port       string     // the interface at the switch
}

// Host returns a host with the next addresses. It is not called by several goroutines.
func (s *Switch) Host() Host {
	a, b := SwitchIPv4.As4(), SwitchIPv6.As16()
	a[3] += byte(s.hosts)
	b[15] += byte(s.hosts)
	s.hosts++
	return Host{IPv4: netip.AddrFrom4(a), IPv6: netip.AddrFrom16(b), port: fmt.Sprintf("port%d", s.hosts)}
}

// up returns the commands of ip that set the interface of a host up.
func (h Host) up(name string) []string {
	commands := []string{"link set " + name + " up", fmt.Sprintf("addr add %s/24 dev %s", h.IPv4, name), "route add default dev " + name}
	if h.IPv6.IsValid() {
		commands = append(commands, fmt.Sprintf("addr add %s/64 dev %s nodad", h.IPv6, name), "route add ::/0 dev "+name)
	}
	return commands
}

// run runs commands of ip.
func (s *Switch) run(commands ...string) error {
	cmd := exec.Command(s.ip, "-batch", "-")
	cmd.Stdin = strings.NewReader(strings.Join(commands, "\n"))
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip %q: %w\n%s", commands, err, out)
	}
	return nil
}

// Start starts cmd on a host: in a network namespace with one interface at the switch. The end of the test kills it.
func (s *Switch) Start(t testing.TB, h Host, cmd *exec.Cmd) {
	t.Helper()
	wait, begin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer begin.Close() //nolint:errcheck // nothing more is written
	inside := strings.Join(append([]string{"link set lo up"}, h.up("eth0")...), "\n")
	shell := `read -r _ <&3 && exec 3<&- && printf '%s' "$1" | "$0" -batch - && shift && exec "$@"`
	cmd.Args = append([]string{"sh", "-c", shell, s.ip, inside, cmd.Path}, cmd.Args[1:]...)
	cmd.Path, cmd.ExtraFiles = "/bin/sh", []*os.File{wait}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	err = cmd.Start()
	wait.Close() //nolint:errcheck // the shell has its own
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	err = s.run(fmt.Sprintf("link add %s type veth peer name eth0 netns %d", h.port, cmd.Process.Pid), "link set "+h.port+" master switch up")
	if err == nil {
		_, err = begin.WriteString("\n")
	}
	if err != nil {
		t.Fatal(err)
	}
}
