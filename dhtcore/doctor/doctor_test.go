package doctor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/portmap"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// healthy is a Snapshot of a node with which all is well.
func healthy() *snapshot.Snapshot {
	s := &snapshot.Snapshot{At: noon, Started: noon.Add(-time.Hour), Phase: snapshot.Serving}
	s.Nodes = []snapshot.Vantage{{Good: 120, Questionable: 30, Mode: node.ModeServing}}
	s.Traffic.QueriesOut, s.Traffic.RepliesIn, s.Traffic.PacketsIn, s.Traffic.PacketsOut = 1000, 500, 5000, 5000
	s.Traffic.TimedOut = 500
	s.Traffic.Methods[wire.GetPeers].In = 300
	s.Traffic.Limits.Packets, s.Traffic.Used.Packets = 150, 60
	s.Hashes.Requests, s.Hashes.Seen = 300, 200
	s.Nodes[0].Tallies = []node.AddrTally{{Addr: netip.MustParseAddrPort("203.0.113.7:6881"), Votes: 20}, {Addr: netip.MustParseAddrPort("198.51.100.9:1"), Votes: 2}}
	s.Checkup = snapshot.Checkup{DataDir: "/d", Disks: []snapshot.Disk{{Path: "/d", Free: 40e9, Total: 200e9}}, Hosts: []snapshot.HostCheck{
		{Host: "a.example:1", Found: 2, RTT: 40 * time.Millisecond}, {Host: "b.example:1", Found: 1, Err: "does not reply"},
		{Host: "a.example:1", Family: wire.IPv6, Err: "has no IPv6 address"}}}
	return s
}

func TestDiagnoseFindsWhatIsWrongAndKnowsARemedy(t *testing.T) {
	for _, f := range Diagnose(healthy()) {
		if f.Verdict != OK || f.Remedy != "" || f.Text == "" || strings.Contains(f.Text, "  ") {
			t.Errorf("a healthy node: %+v", f)
		}
	}
	for _, c := range []struct {
		name    string
		harm    func(s *snapshot.Snapshot)
		finding string
		want    Verdict
		text    string
		remedy  string
	}{
		{"nobody answers", func(s *snapshot.Snapshot) { s.Traffic.RepliesIn = 0 }, "network", Fail, "no node replies", "lets UDP out"},
		{"it has just begun", func(s *snapshot.Snapshot) { s.Traffic.RepliesIn, s.Started = 0, noon.Add(-time.Second) }, "network", Waiting, "joining", ""},
		{"nobody to ask", func(s *snapshot.Snapshot) { s.Traffic.Stats = node.Stats{} }, "network", Waiting, "no bootstrap nodes", "--bootstrap"},
		{"most are silent", func(s *snapshot.Snapshot) { s.Traffic.TimedOut = 900 }, "network", Fail, "90 %", "--rate"},
		{"no DNS", func(s *snapshot.Snapshot) {
			s.Phase, s.Outage = snapshot.Offline, snapshot.Outage{Kind: snapshot.NoDNS, Text: "cannot resolve", Remedy: "check DNS"}
		}, "network", Fail, "no network: cannot resolve", "check DNS"},
		{"no network and no nodes", func(s *snapshot.Snapshot) {
			s.Phase, s.Outage, s.Started, s.Nodes = snapshot.Offline, snapshot.Outage{Kind: snapshot.NoRoute}, s.At, []snapshot.Vantage{{}}
		}, "table", Fail, "0 good", "see network"},
		{"a port without a network", func(s *snapshot.Snapshot) {
			s.Phase, s.Outage = snapshot.Offline, snapshot.Outage{Kind: snapshot.NoRoute}
		}, "port", Waiting, "without a network", "see network"},
		{"nothing passed yet", func(s *snapshot.Snapshot) { s.Traffic.Stats = node.Stats{} }, "loss", Waiting, "no packet", ""},
		{"it resolves the hosts", func(s *snapshot.Snapshot) { s.Traffic.Stats, s.Phase = node.Stats{}, snapshot.Joining }, "network", Waiting, "bootstrap hosts", ""},
		{"a filter on the way", func(s *snapshot.Snapshot) { s.Traffic.TimedOut, s.Traffic.RepliesIn = 992, 8 }, "network", Fail, "0.8 %", "VPN"},
		{"a filter of the last minutes", func(s *snapshot.Snapshot) { s.Outage = snapshot.FilteredOutage(0.004, s.At) }, "network", Fail, "0.4 %", "VPN"},
		{"an empty table", func(s *snapshot.Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 0, 0 }, "table", Fail, "0 good", "see network"},
		{"a small table", func(s *snapshot.Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 9, 0 }, "table", Waiting, "9 good", "miss peers"},
		{"a closed port", func(s *snapshot.Snapshot) { s.Traffic.Methods = node.Stats{}.Methods }, "port", Fail, "in 1 h", "forward the port"},
		{"a young port", func(s *snapshot.Snapshot) {
			s.Traffic.Methods, s.Started = node.Stats{}.Methods, noon.Add(-5*time.Minute)
		}, "port", Waiting, "twenty minutes", ""},
		{"read-only", func(s *snapshot.Snapshot) { s.Nodes[0].Mode = node.ModeReadOnly }, "port", Waiting, "read-only", "omit"},
		{"no requests", func(s *snapshot.Snapshot) { s.Hashes.Requests = 0 }, "requests", Fail, "none in 1 h", "see port"},
		{"a full socket buffer", func(s *snapshot.Snapshot) { s.Traffic.KernelDrops = 50 }, "loss", Fail, "50 of 5,000 packets lost", "rmem_max"},
		{"a firewall", func(s *snapshot.Snapshot) { s.Traffic.SendFailed, s.Checkup.Refused = 500, s.At }, "loss", Fail, "refused to send", "firewall"},
		{"refusals of an outage that is over", func(s *snapshot.Snapshot) { s.Traffic.SendFailed = 500 }, "loss", OK, "packets lost", ""},
		{"no budget left", func(s *snapshot.Snapshot) { s.Traffic.Used.Packets = 149 }, "budget", Waiting, "149 of 150", "--rate"},
		{"odd packets", func(s *snapshot.Snapshot) { s.Traffic.LeftOut = 1200 }, "loss", OK, "; 1,200 odd fields of others' packets not used", ""},
		{"forged askers", func(s *snapshot.Snapshot) { s.Traffic.Shortened = 1 }, "budget", OK, "; 1 reply cut short: the asker's address", ""},
		{"a flood of puts", func(s *snapshot.Snapshot) { s.Traffic.Unchecked = 7 }, "budget", OK, "; 7 puts dropped: too many signatures", ""},
		{"memory with a limit", func(s *snapshot.Snapshot) { s.Bounds = snapshot.Bounds{Hashes: 300, MaxHashes: 5000} }, "memory", OK, "300 hashes of at most 5,000", ""},
		{"memory without a limit", func(s *snapshot.Snapshot) { s.Bounds = snapshot.Bounds{Hashes: 1} }, "memory", OK, "1 hash, without a limit: see --max-hashes", ""},
		{"a full store", func(s *snapshot.Snapshot) {
			s.Bounds = snapshot.Bounds{Stored: true, StoreBytes: 2e9, Keep: store.Keep{Bytes: 2e9, Age: 30 * 24 * time.Hour}, Deleted: 1200}
		}, "store", OK, "of at most 2.0 GB, kept for 30 d; deleted 1,200 cold hashes", ""},
		{"a silent host", func(*snapshot.Snapshot) {}, "hosts", OK, "IPv4: 1 of 2 reply within 40 ms; b.example:1 does not reply", ""},
		{"hosts not asked", func(s *snapshot.Snapshot) { s.Checkup.Hosts, s.Traffic.RepliesIn = nil, 0 }, "hosts", Waiting, "no bootstrap host has been asked yet", ""},
		{"no hosts", func(s *snapshot.Snapshot) { s.Checkup.Hosts, s.Outage.Kind = nil, snapshot.NoHosts }, "hosts", Waiting, "there are no bootstrap hosts", "--bootstrap"},
		{"silent hosts", func(s *snapshot.Snapshot) { s.Checkup.Hosts = s.Checkup.Hosts[1:] }, "hosts", Waiting, "0 of 1 reply", "other nodes let this one in"},
		{"unknown hosts", func(s *snapshot.Snapshot) {
			s.Traffic.RepliesIn = 0
			s.Checkup.Hosts = []snapshot.HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}, {Host: "b", DNS: true, Err: "cannot be resolved: x"}, {Host: "c", DNS: true, Err: "cannot be resolved: x"}}
		}, "hosts", Fail, "0 of 3 reply; a cannot be resolved: x; b cannot be resolved: x; and 1 more", "DNS"},
		{"silent hosts and nobody else", func(s *snapshot.Snapshot) { s.Traffic.RepliesIn, s.Checkup.Hosts = 0, s.Checkup.Hosts[1:] }, "hosts", Fail, "0 of 1 reply", "see network"},
		{"an address", func(*snapshot.Snapshot) {}, "address", OK, "203.0.113.7:6881 by 20 of 22 votes", ""},
		{"few votes", func(s *snapshot.Snapshot) { s.Nodes[0].Tallies[0].Votes = 3 }, "address", Waiting, "203.0.113.7:6881 by 5 votes; 8 must agree", ""},
		{"several addresses", func(s *snapshot.Snapshot) { s.Nodes[0].Tallies[1].Votes = 19 }, "address", Waiting, "others disagree: 203.0.113.7 has 20 of 39 votes", "CGNAT"},
		{"a symmetric NAT", func(s *snapshot.Snapshot) {
			s.Nodes[0].Tallies = nil
			for port := range uint16(12) {
				s.Nodes[0].Tallies = append(s.Nodes[0].Tallies, node.AddrTally{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, 7}), port+1), Votes: 1})
			}
		}, "address", Fail, "203.0.113.7, on another port for each node", "symmetric"},
		{"an address that was configured", func(s *snapshot.Snapshot) {
			s.Nodes[0].Tallies, s.Nodes[0].External = nil, netip.MustParseAddrPort("203.0.113.7:6881")
		}, "address", OK, "203.0.113.7:6881, as configured", ""},
		{"an old network that does not tell", func(s *snapshot.Snapshot) { s.Nodes[0].Tallies = nil }, "address", OK, "nobody says", ""},
		{"a young node", func(s *snapshot.Snapshot) { s.Nodes[0].Tallies, s.Started = nil, s.At }, "address", Waiting, "nobody has said yet", ""},
		{"the demo", func(s *snapshot.Snapshot) { s.Demo = true }, "address", OK, "loopback", ""},
		{"a store that cannot be written", func(s *snapshot.Snapshot) {
			s.Bounds.Stored, s.Checkup.Trouble = true, "Cannot write to the store: no space left"
		}, "store", Fail, "no space left", "--store"},
		{"a store that was written", func(s *snapshot.Snapshot) { s.Bounds.Stored, s.Checkup.Saved = true, s.At.Add(-5*time.Second) }, "store", OK, "; written 5 s ago", ""},
		{"a full disk", func(s *snapshot.Snapshot) { s.Checkup.Disks[0].Free = 5e6 }, "disk", Fail, "/d: 5.0 MB of 200 GB free", "make room"},
		{"a disk with less than the store may grow by", func(s *snapshot.Snapshot) {
			s.Bounds = snapshot.Bounds{Stored: true, Keep: store.Keep{Bytes: 90e9}, StoreBytes: 1e9}
		}, "disk", Waiting, "40.0 GB of 200 GB free", "grow by 89.0 GB"},
		{"a disk that does not tell", func(s *snapshot.Snapshot) { s.Checkup.Disks[0].Err = "x" }, "disk", OK, "/d: the room is not known (x)", ""},
		{"no disk", func(s *snapshot.Snapshot) { s.Checkup.Disks = nil }, "disk", OK, "nothing is kept", ""},
		{"a clock without a battery", func(s *snapshot.Snapshot) {
			s.At, s.Started = time.Unix(7000, 0), time.Unix(0, 0)
		}, "clock", Fail, "the year 1970", "NTP"},
		{"a clock that went back", func(s *snapshot.Snapshot) { s.Checkup.Newest = s.At.Add(50 * time.Hour) }, "clock", Fail, "2 d ahead of the clock", "NTP"},
		{"a clock of another time zone", func(s *snapshot.Snapshot) { s.Checkup.Newest = s.At.Add(time.Hour + time.Minute) }, "clock", Fail, "1 h ahead of the clock", "NTP"},
		{"a clock that was wrong before", func(s *snapshot.Snapshot) {
			s.Checkup.Newest, s.Checkup.Clocks = s.At.Add(time.Hour), []snapshot.ClockReading{{Of: snapshot.ClockOfStore, Error: time.Millisecond, At: s.At}}
		}, "clock", OK, "agrees with the clock of the PostgreSQL server", ""},
		{"a clock that jumped", func(s *snapshot.Snapshot) { s.Checkup.Jump = -3 * time.Minute }, "clock", Waiting, "jumped by 3 m,", ""},
		{"a guest", func(s *snapshot.Snapshot) { s.Checkup.Guest = true }, "guest", OK, "another dhtop uses /d", "/healthz"},
		{"a store without a limit", func(s *snapshot.Snapshot) { s.Bounds = snapshot.Bounds{Stored: true, StoreBytes: 5e6} }, "store", OK, "without a limit: see --keep", ""},
	} {
		s := healthy()
		c.harm(s)
		seen := false
		for _, f := range Diagnose(s) {
			seen = seen || f.Name == c.finding
			if f.Name == c.finding && (f.Verdict != c.want || !strings.Contains(f.Text, c.text) || !strings.Contains(f.Remedy, c.remedy)) {
				t.Errorf("%s: %+v, want %s, %q, %q", c.name, f, c.want, c.text, c.remedy)
			}
		}
		if !seen {
			t.Errorf("%s: no finding about %s", c.name, c.finding)
		}
	}
}

func TestATerminalIsJudgedByWhatItCanShow(t *testing.T) {
	good := Terminal{Name: "xterm-256color", Width: 120, Height: 40, UTF8: true, Colours: "256"}
	for _, c := range []struct {
		harm    func(*Terminal)
		verdict Verdict
		text    string
	}{
		{func(*Terminal) {}, OK, "120x40, TERM=xterm-256color, UTF-8, colours: 256"},
		{func(t *Terminal) { t.Dumb, t.Name = true, "dumb" }, Fail, "TERM=dumb"},
		{func(t *Terminal) { t.UTF8 = false }, Waiting, "no UTF-8"},
		{func(t *Terminal) { t.Height = 10 }, Waiting, "120x10"},
		{func(t *Terminal) { t.Name = "" }, OK, "TERM is not set"},
		{func(t *Terminal) { *t = Terminal{} }, OK, "no terminal"},
	} {
		terminal := good
		c.harm(&terminal)
		if f := terminal.Finding(); f.Verdict != c.verdict || !strings.Contains(f.Text, c.text) || (f.Verdict != OK) != (f.Remedy != "") {
			t.Errorf("%+v: %+v, want %s, %q", terminal, f, c.verdict, c.text)
		}
	}
}

// mapped is a healthy Snapshot of a node behind a router that forwards its port.
func mapped() *snapshot.Snapshot {
	s := healthy()
	at, outer := netip.MustParseAddrPort("0.0.0.0:6881"), netip.MustParseAddrPort("203.0.113.7:6881")
	s.Nodes[0].Addr, s.Nodes[0].Mapped, s.Nodes[0].External, s.Nodes[0].Mode = at, outer, outer, node.ModeProving
	s.PortMap = portmap.State{On: true,
		Routers: []portmap.Router{{Phase: portmap.Mapped, Gateway: netip.MustParseAddr("192.168.1.1"), Protocol: "PCP", External: outer.Addr()},
			{Family: wire.IPv6, Phase: portmap.None, Why: "this machine has no router"}},
		Mappings: []portmap.Mapping{{Bound: at, External: outer}, {Bound: netip.MustParseAddrPort("0.0.0.0:6882"), External: netip.MustParseAddrPort("203.0.113.7:6882")}}}
	return s
}

func TestTheDoctorSaysWhatTheRouterForwardsAndWhyNobodyComesThrough(t *testing.T) {
	for _, c := range []struct {
		name    string
		harm    func(s *snapshot.Snapshot)
		finding string
		want    Verdict
		text    string
		remedy  string
	}{
		{"mapped", func(*snapshot.Snapshot) {}, "mapping", OK, "IPv4: the router 192.168.1.1 forwards UDP 203.0.113.7:6881 by PCP and 1 other port; IPv6: this machine has no router", ""},
		{"a search", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].Phase, s.PortMap.Mappings = portmap.Searching, nil }, "mapping", Waiting, "IPv4: looking for a router", ""},
		{"no router", func(s *snapshot.Snapshot) {
			s.PortMap.Routers[0], s.PortMap.Mappings = portmap.Router{Phase: portmap.None, Why: "no router answers to PCP, NAT-PMP or UPnP"}, nil
		}, "mapping", Waiting, "no router answers", "turn on UPnP"},
		{"no router, and an open port", func(s *snapshot.Snapshot) {
			s.PortMap.Routers[0], s.Nodes[0].Mode = portmap.Router{Phase: portmap.None, Why: "no router answers"}, node.ModeServing
		}, "mapping", OK, "the port is open without", ""},
		{"a public address", func(s *snapshot.Snapshot) { s.PortMap.Routers[0] = portmap.Router{Phase: portmap.Needless} }, "mapping", OK, "has a public address", ""},
		{"a carrier's NAT", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("100.70.3.4") }, "mapping", Fail, "carrier NAT", "IPv6"},
		{"a router behind a router", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("192.168.0.4") }, "mapping", Fail, "double NAT", "bridge"},
		{"a router behind a router that forwards too", func(s *snapshot.Snapshot) {
			s.PortMap.Routers[0].External, s.Nodes[0].Mode = netip.MustParseAddr("192.168.0.4"), node.ModeServing
		}, "mapping", OK, "double NAT", ""},
		{"another way out", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("198.51.100.9") }, "mapping", Fail, "others see this node at 203.0.113.7", "VPN"},
		{"a port that is not mapped", func(s *snapshot.Snapshot) { s.PortMap.Routers[0].Why = "it has no room" }, "mapping", Waiting, "not all ports: it has no room", ""},
		{"loopback", func(s *snapshot.Snapshot) { s.PortMap = portmap.State{On: true} }, "mapping", OK, "no port is to be mapped", ""},
		{"mapped and unreachable", func(s *snapshot.Snapshot) { s.Traffic.Methods = node.Stats{}.Methods }, "port", Fail, "although the router forwards it", "firewall of this machine"},
	} {
		s := mapped()
		c.harm(s)
		seen := false
		for _, f := range Diagnose(s) {
			seen = seen || f.Name == c.finding
			if f.Name == c.finding && (f.Verdict != c.want || !strings.Contains(f.Text, c.text) || !strings.Contains(f.Remedy, c.remedy)) {
				t.Errorf("%s: %+v, want %s, %q, %q", c.name, f, c.want, c.text, c.remedy)
			}
		}
		if !seen {
			t.Errorf("%s: no finding about %s", c.name, c.finding)
		}
	}
	for _, f := range Diagnose(healthy()) {
		if f.Name == "mapping" {
			t.Errorf("without --port-map: %+v", f)
		}
	}
}
