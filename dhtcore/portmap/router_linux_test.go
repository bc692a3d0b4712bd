package portmap

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/needs"
)

// mapperMark is set in the environment of a test program that maps a port until it is killed: to its lifetime.
const mapperMark = "DHTOP_TEST_MAPPER"

func TestMain(m *testing.M) {
	if life, err := time.ParseDuration(os.Getenv(mapperMark)); err == nil {
		mapper := New(Config{Ports: []Port{nodePort}, Lifetime: life, OnChange: func() { fmt.Println("changed") }})
		mapper.Run(context.Background())
	}
	os.Exit(m.Run())
}

// What a router has in its firewall, and miniupnpd writes into.
const firewall = `table inet filter {
	chain forward { type filter hook forward priority 0; policy drop; ct state established,related accept; iifname in0 accept; jump miniupnpd; }
	chain miniupnpd { }
	chain prerouting { type nat hook prerouting priority -100; jump prerouting_miniupnpd; }
	chain postrouting { type nat hook postrouting priority 100; oifname out0 masquerade; jump postrouting_miniupnpd; }
	chain prerouting_miniupnpd { }
	chain postrouting_miniupnpd { }
}`

const routerConfig = `ext_ifname=out0
listening_ip=in0
ext_ip=11.5.0.1
enable_natpmp=%s
enable_upnp=yes
ipv6_disable=no
min_lifetime=1
secure_mode=yes
upnp_table_name=filter
upnp_nat_table_name=filter
upnp_forward_chain=miniupnpd
upnp_nat_chain=prerouting_miniupnpd
upnp_nat_postrouting_chain=postrouting_miniupnpd
uuid=fc4ec57e-b051-11db-88f8-0060085db3f6
lease_file=%s
allow 1024-65535 0.0.0.0/0 1024-65535
`

// home is a house with a router that runs miniupnpd, and somebody on the Internet.
type home struct {
	router, internet *needs.Namespace
	daemon           *exec.Cmd
	config           string
}

func newHome(t *testing.T, natPMP string) *home {
	t.Helper()
	h := &home{router: needs.NewNamespace(t), internet: needs.NewNamespace(t), config: filepath.Join(t.TempDir(), "miniupnpd.conf")}
	needs.IP(t, "link set lo up", "link add lan0 type veth peer name in0 netns "+h.router.ID, "addr add 10.79.1.2/24 dev lan0", "addr add 2001:db8:79:1::2/64 dev lan0 nodad",
		"link set lan0 up")
	h.router.IP(t, "addr add 10.79.1.1/24 dev in0", "addr add 2001:db8:79:1::1/64 dev in0 nodad", "link set in0 up",
		"link add out0 type veth peer name wan0 netns "+h.internet.ID, "addr add 11.5.0.1/24 dev out0", "addr add 2001:db8:79:2::1/64 dev out0 nodad", "link set out0 up")
	h.internet.IP(t, "addr add 11.5.0.2/24 dev wan0", "addr add 2001:db8:79:2::2/64 dev wan0 nodad", "link set wan0 up", "route add 2001:db8:79:1::/64 via 2001:db8:79:2::1")
	needs.IP(t, "route add default via 10.79.1.1", "route add ::/0 via 2001:db8:79:1::1")
	h.router.Do(func() {
		for _, name := range []string{"ipv4/ip_forward", "ipv6/conf/all/forwarding"} {
			if err := os.WriteFile("/proc/sys/net/"+name, []byte("1"), 0o644); err != nil {
				t.Error(err)
			}
		}
		nft := exec.Command(needs.Program(t, "nft", "nftables"), "-f", "-")
		nft.Stdin = strings.NewReader(firewall)
		if out, err := nft.CombinedOutput(); err != nil {
			t.Errorf("nft: %v\n%s", err, out)
		}
	})
	lease := filepath.Join(t.TempDir(), "leases")
	if err := os.WriteFile(h.config, fmt.Appendf(nil, routerConfig, natPMP, lease), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.stop(t) })
	h.start(t)
	return h
}

func (h *home) start(t *testing.T) {
	t.Helper()
	h.router.Do(func() {
		h.daemon = exec.Command(needs.Program(t, "miniupnpd", "miniupnpd-nftables"), "-d", "-f", h.config, "-P", h.config+".pid")
		if out, err := os.Create(h.config + ".log"); err == nil {
			h.daemon.Stdout, h.daemon.Stderr = out, out
		}
		if err := h.daemon.Start(); err != nil {
			t.Error(err)
		}
		for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if sockets, _ := os.ReadFile("/proc/thread-self/net/udp"); strings.Contains(string(sockets), ":076C ") { // SSDP, the last one
				return
			}
		}
	})
}

func (h *home) stop(t *testing.T) {
	t.Helper()
	h.daemon.Process.Kill() //nolint:errcheck // it may have ended
	h.daemon.Wait()         //nolint:errcheck // it was killed
}

// rules are those of the router.
func (h *home) rules(t *testing.T) (text string) {
	t.Helper()
	h.router.Do(func() {
		out, err := exec.Command(needs.Program(t, "nft", "nftables"), "list", "ruleset").CombinedOutput()
		if err != nil {
			t.Errorf("nft: %v\n%s", err, out)
		}
		text = string(out)
	})
	return text
}

// awaitRules waits until the rules of the router forward our port, or do not.
func (h *home) awaitRules(t *testing.T, forward bool) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		rules := h.rules(t)
		if strings.Contains(rules, "dport 6881 dnat ip to 10.79.1.2:6881") == forward && (forward || !strings.Contains(rules, "6881")) {
			return
		}
		if time.Now().After(end) {
			log, _ := os.ReadFile(h.config + ".log")
			t.Fatalf("forwards %v does not come about:\n%s\n%s", forward, rules, log[max(0, len(log)-4000):])
		}
	}
}

// arrives reports whether what somebody sends to an address arrives at conn.
func (h *home) arrives(t *testing.T, to string, conn net.PacketConn) {
	t.Helper()
	buf := make([]byte, 100)
	for range 40 {
		h.internet.Do(func() {
			out, err := net.Dial("udp", to)
			if err == nil {
				_, err = out.Write([]byte(to))
				out.Close()
			}
			if err != nil {
				t.Error(err)
			}
		})
		conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond)) //nolint:errcheck // it is open
		if n, _, err := conn.ReadFrom(buf); err == nil && string(buf[:n]) == to {
			return
		}
	}
	t.Errorf("nothing arrives that is sent to %s", to)
}

func TestARealRouterForwardsAndForgets(t *testing.T) {
	t.Parallel()
	needs.Program(t, "miniupnpd", "miniupnpd-nftables")
	if !needs.OwnNetwork(t) {
		return
	}
	h := newHome(t, "yes")
	four, err := net.ListenPacket("udp4", "0.0.0.0:6881")
	needs.NoError(t, err, "a socket")
	defer four.Close()
	six, err := net.ListenPacket("udp6", "[::]:6881")
	needs.NoError(t, err, "a socket of IPv6")
	defer six.Close()

	m, stop := runReal(t, pcpPort, nodePort, Port{UDP, netip.MustParseAddrPort("[::]:6881")})
	s := await(t, m, "a mapping", isMapped)
	if s.Routers[0].Protocol != "PCP" || s.Routers[0].External.String() != "11.5.0.1" || s.Routers[1].Protocol == "" {
		t.Errorf("%+v", s.Routers)
	}
	h.awaitRules(t, true)
	h.arrives(t, "11.5.0.1:6881", four)
	h.arrives(t, "[2001:db8:79:1::2]:6881", six)
	stop()
	h.awaitRules(t, false)

	// One that is killed leaves its mapping until the end of its life.
	child := exec.Command(os.Args[0], "-test.run", "^$")
	child.Env = append(os.Environ(), mapperMark+"=3s")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	needs.NoError(t, child.Start(), "a process")
	bufio.NewReader(out).ReadString('\n') //nolint:errcheck // the rules say more
	h.awaitRules(t, true)
	child.Process.Kill() //nolint:errcheck // it runs
	child.Wait()         //nolint:errcheck // it was killed
	h.awaitRules(t, false)
}

func TestARealRouterForwardsByUPnP(t *testing.T) {
	t.Parallel()
	needs.Program(t, "miniupnpd", "miniupnpd-nftables")
	if !needs.OwnNetwork(t) {
		return
	}
	h := newHome(t, "no")
	conn, err := net.ListenPacket("udp4", "0.0.0.0:6881")
	needs.NoError(t, err, "a socket")
	defer conn.Close()
	six, err := net.ListenPacket("udp6", "[::]:6881")
	needs.NoError(t, err, "a socket of IPv6")
	defer six.Close()
	m, stop := runReal(t, ssdpPort, nodePort, Port{UDP, netip.MustParseAddrPort("[::]:6881")}) // PCP over IPv6 is always on
	for i, r := range await(t, m, "a mapping and a pinhole", isMapped).Routers {
		if r.Protocol != "UPnP" || r.Name == "" {
			t.Errorf("%d: %+v", i, r)
		}
	}
	h.awaitRules(t, true)
	h.arrives(t, "11.5.0.1:6881", conn)
	h.arrives(t, "[2001:db8:79:1::2]:6881", six)
	stop()
	h.awaitRules(t, false)
}

// runReal runs a Mapper on the network of the test, with PCP and NAT-PMP on a port of the router.
func runReal(t *testing.T, pcp uint16, ports ...Port) (m *Mapper, stop func()) {
	t.Helper()
	m = New(Config{Ports: ports})
	m.net.pcpPort, m.net.check = pcp, time.Second
	return m, start(t, m)
}
