package dhtcore

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// Demo is the embedded network of the demo.
type Demo struct {
	Nodes    int // 1 to MaxDemoNodes; 0 for DefaultDemoNodes, or for those of the Scenario
	Seed     uint64
	Scenario *Scenario    // that the lab conducts from the start; nil for none
	Net      netip.Prefix // of its IPv4 addresses, all of which the system must have; 127.0.0.0/8 for none
	Faults   []Fault      // between the network and its visitors, at the start
	Tracker  bool         // run a tracker for it on loopback, at free ports, where Config has none

	build func(testnet.Config) (*testnet.Network, error) // nil for testnet.Loopback
}

// The sizes of the embedded network. Every node has a socket of its own.
const (
	DefaultDemoNodes = testnet.DefaultNodes
	MaxDemoNodes     = 5000
)

// ParseFault reads a fault such as "out get_peers drop=0.2 delay=100ms". Its errors are sentences with a remedy.
func ParseFault(text string) (Fault, error) { return testnet.ParseFault(text) }

// CheckDemoNet reports in a sentence what makes a network unfit for Demo.Net.
func CheckDemoNet(p netip.Prefix) error { return testnet.CheckNet(p) }

// guestIP is the IPv4 address of the Explorer in the embedded network.
func (d *Demo) guestIP() netip.Addr {
	if d.Net.IsValid() {
		return testnet.FirstIP(d.Net)
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}

// DemoLimits are those of a node in the embedded network, which has no router to spare: DefaultLimits would have it
// wait for what it wants to show. All nodes of its IPv6 network share one address.
func DemoLimits() Limits {
	l := DefaultLimits()
	l.Packets, l.Bytes, l.New, l.InboundBytes, l.InboundPerSource = 600, 128<<10, 0, 0, 0
	return l
}

// open builds the embedded network; nil for a Demo that is nil.
func (d *Demo) open() (*testnet.Network, error) {
	if d == nil {
		return nil, nil //nolint:nilnil // no network is what was asked for
	}
	if d.Nodes > MaxDemoNodes || d.Nodes < 0 {
		return nil, fmt.Errorf("%d nodes: the embedded network has 1 to %d", d.Nodes, MaxDemoNodes)
	}
	if d.Net.IsValid() {
		if err := testnet.CheckNet(d.Net); err != nil {
			return nil, err
		}
	}
	build := d.build
	if build == nil {
		build = testnet.Loopback
	}
	n, err := build(d.world())
	if err != nil {
		return nil, err
	}
	n.SetFaults(d.Faults)
	return n, nil
}

// world is the embedded network, as it is at the start.
func (d *Demo) world() testnet.Config {
	world := testnet.World(d.size(), d.Seed)
	world.Net = d.Net
	if d.Scenario != nil {
		world.Conditions = d.Scenario.Start
	}
	return world
}

// size is how many nodes there are.
func (d *Demo) size() int {
	if d.Nodes == 0 && d.Scenario != nil {
		return cmp.Or(d.Scenario.Nodes, DefaultDemoNodes)
	}
	return cmp.Or(d.Nodes, DefaultDemoNodes)
}

// demand is what the downloaders want: nothing in a scenario without demand, in which there still are swarms.
func (d *Demo) demand() testnet.Demand {
	demand := testnet.WorldDemand(d.size())
	if d.Scenario != nil && !d.Scenario.Demand {
		return testnet.Demand{Hashes: demand.Hashes, Exponent: demand.Exponent}
	}
	return demand
}

// The pace of the demo's tracker: its interval is short, so that something is seen to happen.
const (
	demoTrackerRate     = 20 // announces/s
	demoTrackerInterval = 30 * time.Second
	demoTrackerLongest  = 2 * time.Minute
)

// tracker is the tracker of the embedded network; nil for none.
func (d *Demo) tracker() *TrackerConfig {
	if d == nil || !d.Tracker {
		return nil
	}
	at := netip.AddrPortFrom(d.guestIP(), 0).String()
	return &TrackerConfig{HTTP: at, UDP: at, MaxRate: demoTrackerRate, MinInterval: demoTrackerInterval, MaxInterval: demoTrackerLongest}
}

// introduce has the peers of the network announce themselves to our tracker too.
func (d *Demo) introduce(n *testnet.Network, t *tracker.Tracker) {
	if t == nil {
		return
	}
	overUDP := netip.AddrPort{}
	if addrs := t.UDPAddrs(); len(addrs) > 0 {
		overUDP = d.reach(addrs[0])
	}
	n.AnnounceTo(overUDP, d.reach(t.HTTPAddr()))
}

// reach returns where the network reaches what listens at an address.
func (d *Demo) reach(at netip.AddrPort) netip.AddrPort {
	if ip := at.Addr().Unmap(); !ip.IsUnspecified() {
		return netip.AddrPortFrom(ip, at.Port())
	}
	return netip.AddrPortFrom(d.guestIP(), at.Port())
}

// visit configures the Explorer to join the embedded network.
func (e *Explorer) visit(n *testnet.Network) {
	if e.cfg.Bootstrap == nil {
		e.cfg.Bootstrap = n.Bootstrap()
	}
	if n.HasIPv6() && !e.cfg.NoIPv6 {
		e.cfg.Bind = append(e.cfg.Bind, netip.IPv6Loopback())
	}
}

// How the demo keeps its lookups pane alive.
const (
	showEvery = 6 * time.Second
	showFirst = 500 * time.Millisecond
	showAgain = time.Minute // until the same hash is looked up once more
)

// showcase looks up the hottest hash that has not been looked up lately, every few seconds: in the
// demo there may be nobody at the keys.
type showcase struct {
	ledger  *ledger.Ledger
	lookups *lookups
	start   func(hash ID) error // a lookup
}

// run goes on until ctx ends.
func (c *showcase) run(ctx context.Context) {
	for wait := showFirst; pauseFor(ctx, wait); {
		wait = showEvery
		if !c.lookUpHottest(time.Now()) {
			wait = showFirst // nobody has asked for anything yet
		}
	}
}

func (c *showcase) lookUpHottest(now time.Time) (started bool) {
	lately := make(map[ID]bool)
	for _, l := range c.lookups.states() {
		if l.Method == wire.GetPeers && l.Started.After(now.Add(-showAgain)) {
			lately[l.Target] = true
		}
	}
	for _, row := range c.ledger.Top(MaxHashes, now) {
		if row.Requests > 0 && !lately[row.InfoHash] {
			return c.start(row.InfoHash) == nil
		}
	}
	return false
}
