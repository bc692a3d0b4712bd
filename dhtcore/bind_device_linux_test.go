package dhtcore

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/doctor"
	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// vpnPatience is how long a node may take to notice that its interface is gone, or there again.
const vpnPatience = 90 * time.Second

func awaitSnapshot(t *testing.T, e *Explorer, what string, ok func(*Snapshot) bool) {
	t.Helper()
	for end := time.Now().Add(vpnPatience); ; time.Sleep(20 * time.Millisecond) {
		s := e.Snapshot()
		if ok(s) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not come about: %s, %+v", what, s.Phase, s.Outage)
		}
	}
}

// sentBy is how many packets have left by an interface. /proc/net is that of the thread, so of its network.
func sentBy(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("/proc/thread-self/net/dev")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 10 && f[0] == name+":" {
			return f[10]
		}
	}
	t.Fatalf("no interface %s", name)
	return ""
}

func TestNothingLeavesByAnotherInterfaceWhenTheVPNIsGone(t *testing.T) {
	t.Parallel()
	if !needs.OwnNetwork(t) {
		return
	}
	far := needs.NewNamespace(t)
	vpn := func() {
		needs.IP(t, "link add vpn0 type veth peer name far0 netns "+far.ID, "addr add 10.78.0.1/24 dev vpn0", "link set vpn0 up")
		far.IP(t, "addr add 10.78.0.2/24 dev far0", "link set far0 up")
	}
	// Without --bind-device, all that the VPN does not take leaves by lan0.
	needs.IP(t, "link set lo up", "link add lan0 type veth peer name lan1", "link set lan0 addrgenmode none", "addr add 192.168.7.2/24 dev lan0", "link set lan0 up", "link set lan1 up", "route add default via 192.168.7.1 dev lan0",
		"neigh add 192.168.7.1 lladdr 02:00:00:00:00:01 dev lan0 nud permanent")
	needs.IP(t, "link set lan0 arp off") // no ARP either: what leaves is ours
	vpn()
	var conn node.Conn
	far.Do(func() {
		var err error
		if conn, err = node.Listen(netip.MustParseAddrPort("10.78.0.2:6881"), 1); err != nil {
			t.Error(err)
		}
	})
	other := node.New(node.Config{ID: wire.RandomID(), Conn: conn, Batch: 1, Peers: peers.New(peers.Config{})})
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go other.Run(ctx) //nolint:errcheck // its end is that of the test

	const elsewhere = "198.51.100.5:5432" // where there is nobody, by no interface
	before := sentBy(t, "lan0")
	e, err := Open(Config{BindDevice: "vpn0", Bind: []netip.Addr{netip.IPv4Unspecified()}, Bootstrap: []string{"10.78.0.2:6881"}, Limits: DefaultLimits(),
		PortMap: true, Tracker: &TrackerConfig{UDP: ":6969", HTTP: ":6969"}, Store: "postgres://dhtop@" + elsewhere + "/dhtop"})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	awaitSnapshot(t, e, "joining", func(s *Snapshot) bool { return s.Phase == Serving })
	connectElsewhere(t, "vpn0", elsewhere)
	if after := sentBy(t, "lan0"); after != before {
		t.Errorf("with the VPN %s packets have left by lan0, %s before", after, before)
	}

	needs.IP(t, "link del vpn0")
	awaitSnapshot(t, e, "an outage", func(s *Snapshot) bool { return s.Outage.Kind == DeviceGone && s.Phase == Offline })
	network := Diagnose(e.Snapshot())[0]
	if network.Verdict != doctor.Fail || !strings.Contains(network.Text, "the network interface vpn0 is gone") || !strings.Contains(network.Remedy, "VPN") {
		t.Errorf("the doctor says %+v", network)
	}
	asking, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if _, err := resolveBy(e.device.Resolver())(asking, "example.com:1", IPv4); err == nil {
		t.Error("a name is resolved without the VPN")
	}
	if _, err := e.FetchName(asking, ID{1}, time.Second); err == nil {
		t.Error("a name is fetched without the VPN")
	}
	if c, err := OpenScrapeClient(&e.cfg); err == nil {
		c.Scrape(asking, "udp://10.78.0.2:6969/announce", []ID{{1}})
		c.Close()
	}
	if after := sentBy(t, "lan0"); after != before {
		t.Errorf("%s packets have left by lan0, %s before", after, before)
	}

	vpn()
	awaitSnapshot(t, e, "the way back", func(s *Snapshot) bool { return s.Phase == Serving && s.Outage.Kind == NoOutage })
	awaitSnapshot(t, e, "a doctor who has forgotten the outage", func(s *Snapshot) bool {
		return finding(s, "loss").Verdict != doctor.Fail && finding(s, "hosts").Cause == ""
	})
	far.Do(func() {
		conn, err := (&net.Dialer{Timeout: vpnPatience}).Dial("tcp", "10.78.0.1:6969")
		if err != nil {
			t.Errorf("the tracker does not listen any longer: %v", err)
			return
		}
		conn.Close()
	})
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if after := sentBy(t, "lan0"); after != before {
		t.Errorf("in the end %s packets have left by lan0, %s before", after, before)
	}
}

// connectElsewhere does by an interface what has no Explorer: it reads a store on a server and connects to an API.
func connectElsewhere(t *testing.T, device, addr string) {
	t.Helper()
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	for _, host := range []string{"db.example:5432", addr} {
		for _, err := range Stored(soon(), Config{Store: "postgres://dhtop@" + host + "/dhtop", BindDevice: device}, 1) {
			if err == nil {
				t.Errorf("a store at %s is read", host)
			}
		}
	}
	dial, err := DialBy(device)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dial(soon(), "tcp", addr); err == nil {
		t.Errorf("%s is reached", addr)
	}
	here, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	if conn, err := dial(t.Context(), "tcp", here.Addr().String()); err != nil {
		t.Errorf("what listens on this machine is not reached: %v", err)
	} else {
		conn.Close()
	}
}

func TestAnInterfaceThatIsNotThereIsAnErrorAtTheStart(t *testing.T) {
	_, err := Open(Config{BindDevice: "nowhere9", Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}})
	if err == nil || !strings.Contains(err.Error(), `no network interface "nowhere9"`) || !strings.Contains(err.Error(), "lo") {
		t.Errorf("%v", err)
	}
	if _, err := netbind.New("nowhere9"); err == nil {
		t.Error("a device of nothing")
	}
}
