package dhtcore

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/snapshot"
)

var noonUTC = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// healthy is a Snapshot of a node with which all is well.
func healthy() *Snapshot {
	s := &Snapshot{At: noonUTC, Started: noonUTC.Add(-time.Hour), Phase: Serving}
	s.Nodes = []Vantage{{Good: 120, Questionable: 30, Mode: ModeServing}}
	s.Traffic.QueriesOut, s.Traffic.RepliesIn, s.Traffic.PacketsIn, s.Traffic.PacketsOut = 1000, 500, 5000, 5000
	s.Traffic.TimedOut = 500
	s.Traffic.Methods[GetPeers].In = 300
	s.Traffic.Limits.Packets, s.Traffic.Used.Packets = 150, 60
	s.Hashes.Requests, s.Hashes.Seen = 300, 200
	s.Nodes[0].Tallies = []AddrTally{{Addr: netip.MustParseAddrPort("203.0.113.7:6881"), Votes: 20}, {Addr: netip.MustParseAddrPort("198.51.100.9:1"), Votes: 2}}
	s.Checkup = Checkup{DataDir: "/d", Disks: []Disk{{Path: "/d", Free: 40e9, Total: 200e9}}, Hosts: []HostCheck{
		{Host: "a.example:1", Found: 2, RTT: 40 * time.Millisecond}, {Host: "b.example:1", Found: 1, Err: "does not reply"},
		{Host: "a.example:1", Family: IPv6, Err: "has no IPv6 address"}}}
	return s
}

func TestDiagnoseFindsWhatIsWrongAndKnowsARemedy(t *testing.T) {
	for _, f := range Diagnose(healthy()) {
		if f.Verdict != VerdictOK || f.Remedy != "" || f.Text == "" || strings.Contains(f.Text, "  ") {
			t.Errorf("a healthy node: %+v", f)
		}
	}
	for _, c := range []struct {
		name    string
		harm    func(s *Snapshot)
		finding string
		want    Verdict
		text    string
		remedy  string
	}{
		{"nobody answers", func(s *Snapshot) { s.Traffic.RepliesIn = 0 }, "network", VerdictFail, "no node replies", "lets UDP out"},
		{"it has just begun", func(s *Snapshot) { s.Traffic.RepliesIn, s.Started = 0, noonUTC.Add(-time.Second) }, "network", VerdictWaiting, "joining", ""},
		{"nobody to ask", func(s *Snapshot) { s.Traffic.Stats = NodeStats{} }, "network", VerdictWaiting, "no bootstrap nodes", "--bootstrap"},
		{"most are silent", func(s *Snapshot) { s.Traffic.TimedOut = 900 }, "network", VerdictFail, "90 %", "--rate"},
		{"no DNS", func(s *Snapshot) {
			s.Phase, s.Outage = Offline, Outage{Kind: NoDNS, Text: "cannot resolve", Remedy: "check DNS"}
		}, "network", VerdictFail, "no network: cannot resolve", "check DNS"},
		{"no network and no nodes", func(s *Snapshot) {
			s.Phase, s.Outage, s.Started, s.Nodes = Offline, Outage{Kind: NoRoute}, s.At, []Vantage{{}}
		}, "table", VerdictFail, "0 good", "see network"},
		{"a port without a network", func(s *Snapshot) { s.Phase, s.Outage = Offline, Outage{Kind: NoRoute} }, "port", VerdictWaiting, "without a network", "see network"},
		{"nothing passed yet", func(s *Snapshot) { s.Traffic.Stats = NodeStats{} }, "loss", VerdictWaiting, "no packet", ""},
		{"it resolves the hosts", func(s *Snapshot) { s.Traffic.Stats, s.Phase = NodeStats{}, Joining }, "network", VerdictWaiting, "bootstrap hosts", ""},
		{"a filter on the way", func(s *Snapshot) { s.Traffic.TimedOut, s.Traffic.RepliesIn = 992, 8 }, "network", VerdictFail, "0.8 %", "VPN"},
		{"a filter of the last minutes", func(s *Snapshot) { s.Outage = snapshot.FilteredOutage(0.004, s.At) }, "network", VerdictFail, "0.4 %", "VPN"},
		{"an empty table", func(s *Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 0, 0 }, "table", VerdictFail, "0 good", "see network"},
		{"a small table", func(s *Snapshot) { s.Nodes[0].Good, s.Nodes[0].Questionable = 9, 0 }, "table", VerdictWaiting, "9 good", "miss peers"},
		{"a closed port", func(s *Snapshot) { s.Traffic.Methods = NodeStats{}.Methods }, "port", VerdictFail, "in 1 h", "forward the port"},
		{"a young port", func(s *Snapshot) {
			s.Traffic.Methods, s.Started = NodeStats{}.Methods, noonUTC.Add(-5*time.Minute)
		}, "port", VerdictWaiting, "twenty minutes", ""},
		{"read-only", func(s *Snapshot) { s.Nodes[0].Mode = ModeReadOnly }, "port", VerdictWaiting, "read-only", "omit"},
		{"no requests", func(s *Snapshot) { s.Hashes.Requests = 0 }, "requests", VerdictFail, "none in 1 h", "see port"},
		{"a full socket buffer", func(s *Snapshot) { s.Traffic.KernelDrops = 50 }, "loss", VerdictFail, "50 of 5,000 packets lost", "rmem_max"},
		{"a firewall", func(s *Snapshot) { s.Traffic.SendFailed, s.Checkup.Refused = 500, s.At }, "loss", VerdictFail, "refused to send", "firewall"},
		{"refusals of an outage that is over", func(s *Snapshot) { s.Traffic.SendFailed = 500 }, "loss", VerdictOK, "packets lost", ""},
		{"no budget left", func(s *Snapshot) { s.Traffic.Used.Packets = 149 }, "budget", VerdictWaiting, "149 of 150", "--rate"},
		{"odd packets", func(s *Snapshot) { s.Traffic.LeftOut = 1200 }, "loss", VerdictOK, "; 1,200 odd fields of others' packets not used", ""},
		{"forged askers", func(s *Snapshot) { s.Traffic.Shortened = 1 }, "budget", VerdictOK, "; 1 reply cut short: the asker's address", ""},
		{"a flood of puts", func(s *Snapshot) { s.Traffic.Unchecked = 7 }, "budget", VerdictOK, "; 7 puts dropped: too many signatures", ""},
		{"memory with a limit", func(s *Snapshot) { s.Bounds = Bounds{Hashes: 300, MaxHashes: 5000} }, "memory", VerdictOK, "300 hashes of at most 5,000", ""},
		{"memory without a limit", func(s *Snapshot) { s.Bounds = Bounds{Hashes: 1} }, "memory", VerdictOK, "1 hash, without a limit: see --max-hashes", ""},
		{"a full store", func(s *Snapshot) {
			s.Bounds = Bounds{Stored: true, StoreBytes: 2e9, Keep: Keep{Bytes: 2e9, Age: 30 * 24 * time.Hour}, Deleted: 1200}
		}, "store", VerdictOK, "of at most 2.0 GB, kept for 30 d; deleted 1,200 cold hashes", ""},
		{"a silent host", func(*Snapshot) {}, "hosts", VerdictOK, "IPv4: 1 of 2 reply within 40 ms; b.example:1 does not reply", ""},
		{"hosts not asked", func(s *Snapshot) { s.Checkup.Hosts = nil }, "hosts", VerdictWaiting, "no bootstrap host has been asked yet", ""},
		{"no hosts", func(s *Snapshot) { s.Checkup.Hosts, s.Outage.Kind = nil, NoHosts }, "hosts", VerdictWaiting, "there are no bootstrap hosts", "--bootstrap"},
		{"silent hosts", func(s *Snapshot) { s.Checkup.Hosts = s.Checkup.Hosts[1:] }, "hosts", VerdictWaiting, "0 of 1 reply", "other nodes let this one in"},
		{"unknown hosts", func(s *Snapshot) {
			s.Traffic.RepliesIn = 0
			s.Checkup.Hosts = []HostCheck{{Host: "a", DNS: true, Err: "cannot be resolved: x"}, {Host: "b", DNS: true, Err: "cannot be resolved: x"}, {Host: "c", DNS: true, Err: "cannot be resolved: x"}}
		}, "hosts", VerdictFail, "0 of 3 reply; a cannot be resolved: x; b cannot be resolved: x; and 1 more", "DNS"},
		{"silent hosts and nobody else", func(s *Snapshot) { s.Traffic.RepliesIn, s.Checkup.Hosts = 0, s.Checkup.Hosts[1:] }, "hosts", VerdictFail, "0 of 1 reply", "see network"},
		{"an address", func(*Snapshot) {}, "address", VerdictOK, "203.0.113.7:6881 by 20 of 22 votes", ""},
		{"few votes", func(s *Snapshot) { s.Nodes[0].Tallies[0].Votes = 3 }, "address", VerdictWaiting, "203.0.113.7:6881 by 5 votes; 8 must agree", ""},
		{"several addresses", func(s *Snapshot) { s.Nodes[0].Tallies[1].Votes = 19 }, "address", VerdictWaiting, "others disagree: 203.0.113.7 has 20 of 39 votes", "CGNAT"},
		{"a symmetric NAT", func(s *Snapshot) {
			s.Nodes[0].Tallies = nil
			for port := range uint16(12) {
				s.Nodes[0].Tallies = append(s.Nodes[0].Tallies, AddrTally{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, 7}), port+1), Votes: 1})
			}
		}, "address", VerdictFail, "203.0.113.7, on another port for each node", "symmetric"},
		{"an address that was configured", func(s *Snapshot) {
			s.Nodes[0].Tallies, s.Nodes[0].External = nil, netip.MustParseAddrPort("203.0.113.7:6881")
		}, "address", VerdictOK, "203.0.113.7:6881, as configured", ""},
		{"an old network that does not tell", func(s *Snapshot) { s.Nodes[0].Tallies = nil }, "address", VerdictOK, "nobody says", ""},
		{"a young node", func(s *Snapshot) { s.Nodes[0].Tallies, s.Started = nil, s.At }, "address", VerdictWaiting, "nobody has said yet", ""},
		{"the demo", func(s *Snapshot) { s.Demo = true }, "address", VerdictOK, "loopback", ""},
		{"a store that cannot be written", func(s *Snapshot) {
			s.Bounds.Stored, s.Checkup.Trouble = true, "Cannot write to the store: no space left"
		}, "store", VerdictFail, "no space left", "--store"},
		{"a store that was written", func(s *Snapshot) { s.Bounds.Stored, s.Checkup.Saved = true, s.At.Add(-5*time.Second) }, "store", VerdictOK, "; written 5 s ago", ""},
		{"a full disk", func(s *Snapshot) { s.Checkup.Disks[0].Free = 5e6 }, "disk", VerdictFail, "/d: 5.0 MB of 200 GB free", "make room"},
		{"a disk with less than the store may grow by", func(s *Snapshot) {
			s.Bounds = Bounds{Stored: true, Keep: Keep{Bytes: 90e9}, StoreBytes: 1e9}
		}, "disk", VerdictWaiting, "40.0 GB of 200 GB free", "grow by 89.0 GB"},
		{"a disk that does not tell", func(s *Snapshot) { s.Checkup.Disks[0].Err = "x" }, "disk", VerdictOK, "/d: the room is not known (x)", ""},
		{"no disk", func(s *Snapshot) { s.Checkup.Disks = nil }, "disk", VerdictOK, "nothing is kept", ""},
		{"a clock without a battery", func(s *Snapshot) {
			s.At, s.Started = time.Unix(7000, 0), time.Unix(0, 0)
		}, "clock", VerdictFail, "the year 1970", "NTP"},
		{"a clock that went back", func(s *Snapshot) { s.Checkup.Newest = s.At.Add(50 * time.Hour) }, "clock", VerdictFail, "2 d ahead of the clock", "NTP"},
		{"a clock of another time zone", func(s *Snapshot) { s.Checkup.Newest = s.At.Add(time.Hour + time.Minute) }, "clock", VerdictFail, "1 h ahead of the clock", "NTP"},
		{"a clock that was wrong before", func(s *Snapshot) {
			s.Checkup.Newest, s.Checkup.Clocks = s.At.Add(time.Hour), []ClockReading{{Of: snapshot.ClockOfStore, Error: time.Millisecond, At: s.At}}
		}, "clock", VerdictOK, "agrees with the clock of the PostgreSQL server", ""},
		{"a clock that jumped", func(s *Snapshot) { s.Checkup.Jump = -3 * time.Minute }, "clock", VerdictWaiting, "jumped by 3 m,", ""},
		{"a guest", func(s *Snapshot) { s.Checkup.Guest = true }, "guest", VerdictOK, "another dhtop uses /d", "/healthz"},
		{"a store without a limit", func(s *Snapshot) { s.Bounds = Bounds{Stored: true, StoreBytes: 5e6} }, "store", VerdictOK, "without a limit: see --keep", ""},
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
		{func(*Terminal) {}, VerdictOK, "120x40, TERM=xterm-256color, UTF-8, colours: 256"},
		{func(t *Terminal) { t.Dumb, t.Name = true, "dumb" }, VerdictFail, "TERM=dumb"},
		{func(t *Terminal) { t.UTF8 = false }, VerdictWaiting, "no UTF-8"},
		{func(t *Terminal) { t.Height = 10 }, VerdictWaiting, "120x10"},
		{func(t *Terminal) { t.Name = "" }, VerdictOK, "TERM is not set"},
		{func(t *Terminal) { *t = Terminal{} }, VerdictOK, "no terminal"},
	} {
		terminal := good
		c.harm(&terminal)
		if f := terminal.Finding(); f.Verdict != c.verdict || !strings.Contains(f.Text, c.text) || (f.Verdict != VerdictOK) != (f.Remedy != "") {
			t.Errorf("%+v: %+v, want %s, %q", terminal, f, c.verdict, c.text)
		}
	}
}

// mapped is a healthy Snapshot of a node behind a router that forwards its port.
func mapped() *Snapshot {
	s := healthy()
	at, outer := netip.MustParseAddrPort("0.0.0.0:6881"), netip.MustParseAddrPort("203.0.113.7:6881")
	s.Nodes[0].Addr, s.Nodes[0].Mapped, s.Nodes[0].External, s.Nodes[0].Mode = at, outer, outer, ModeProving
	s.PortMap = PortMapState{On: true,
		Routers: []PortMapRouter{{Phase: PortMapped, Gateway: netip.MustParseAddr("192.168.1.1"), Protocol: "PCP", External: outer.Addr()},
			{Family: IPv6, Phase: PortMapNone, Why: "this machine has no router"}},
		Mappings: []PortMapping{{Bound: at, External: outer}, {Bound: netip.MustParseAddrPort("0.0.0.0:6882"), External: netip.MustParseAddrPort("203.0.113.7:6882")}}}
	return s
}

func TestTheDoctorSaysWhatTheRouterForwardsAndWhyNobodyComesThrough(t *testing.T) {
	for _, c := range []struct {
		name    string
		harm    func(s *Snapshot)
		finding string
		want    Verdict
		text    string
		remedy  string
	}{
		{"mapped", func(*Snapshot) {}, "mapping", VerdictOK, "IPv4: the router 192.168.1.1 forwards UDP 203.0.113.7:6881 by PCP and 1 other port; IPv6: this machine has no router", ""},
		{"a search", func(s *Snapshot) { s.PortMap.Routers[0].Phase, s.PortMap.Mappings = PortMapSearching, nil }, "mapping", VerdictWaiting, "IPv4: looking for a router", ""},
		{"no router", func(s *Snapshot) {
			s.PortMap.Routers[0], s.PortMap.Mappings = PortMapRouter{Phase: PortMapNone, Why: "no router answers to PCP, NAT-PMP or UPnP"}, nil
		}, "mapping", VerdictWaiting, "no router answers", "turn on UPnP"},
		{"no router, and an open port", func(s *Snapshot) {
			s.PortMap.Routers[0], s.Nodes[0].Mode = PortMapRouter{Phase: PortMapNone, Why: "no router answers"}, ModeServing
		}, "mapping", VerdictOK, "the port is open without", ""},
		{"a public address", func(s *Snapshot) { s.PortMap.Routers[0] = PortMapRouter{Phase: PortMapNeedless} }, "mapping", VerdictOK, "has a public address", ""},
		{"a carrier's NAT", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("100.70.3.4") }, "mapping", VerdictFail, "carrier NAT", "IPv6"},
		{"a router behind a router", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("192.168.0.4") }, "mapping", VerdictFail, "double NAT", "bridge"},
		{"a router behind a router that forwards too", func(s *Snapshot) {
			s.PortMap.Routers[0].External, s.Nodes[0].Mode = netip.MustParseAddr("192.168.0.4"), ModeServing
		}, "mapping", VerdictOK, "double NAT", ""},
		{"another way out", func(s *Snapshot) { s.PortMap.Routers[0].External = netip.MustParseAddr("198.51.100.9") }, "mapping", VerdictFail, "others see this node at 203.0.113.7", "VPN"},
		{"a port that is not mapped", func(s *Snapshot) { s.PortMap.Routers[0].Why = "it has no room" }, "mapping", VerdictWaiting, "not all ports: it has no room", ""},
		{"loopback", func(s *Snapshot) { s.PortMap = PortMapState{On: true} }, "mapping", VerdictOK, "no port is to be mapped", ""},
		{"mapped and unreachable", func(s *Snapshot) { s.Traffic.Methods = NodeStats{}.Methods }, "port", VerdictFail, "although the router forwards it", "firewall of this machine"},
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
