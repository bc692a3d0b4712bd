package settings

import (
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/scenario"
	"dhtop/views/theme"
)

// defaultKeep is dhtcore.DefaultKeep.
const defaultKeep = "2GB"

// Network are the flags that all network commands share.
func Network() []Setting {
	limits := dhtcore.DefaultLimits()
	return []Setting{
		{"bind", GroupNetwork, []string(nil), "Listen on `ADDR`; one per address family",
			with((*Settings).setBind)},
		{"port", GroupNetwork, uint16(dhtcore.DefaultPort), "Listen on UDP port `N`; 0 picks one",
			field(func(s *Settings) *uint16 { return &s.Explorer.Port })},
		{"bind-device", GroupNetwork, "", "Keep to the network interface `IFACE`; nothing leaves by another one when it goes away, as that of a VPN does",
			field(func(s *Settings) *string { return &s.Explorer.BindDevice })},
		{"no-ipv6", GroupNetwork, false, "Disable IPv6",
			field(func(s *Settings) *bool { return &s.Explorer.NoIPv6 })},
		{"bootstrap", GroupNetwork, []string(nil),
			"Join through `HOST:PORT`; repeatable, or none",
			with((*Settings).setBootstrap)},
		{"vantages", GroupNetwork, 1, "Run `N` nodes per address family, 1 to 8, on consecutive ports",
			with((*Settings).setVantages)},
		{"read-only", GroupNetwork, false, "Send queries but answer none (BEP 43)",
			field(func(s *Settings) *bool { return &s.Explorer.ReadOnly })},
		{"public-ip", GroupNetwork, "", "Public `IP` of this node; skips the reachability test",
			with((*Settings).setPublicIP)},
		{"port-map", GroupNetwork, portMapOff, "Have the router forward the ports to this machine as `MODE` says; auto, by PCP, NAT-PMP or UPnP, or off",
			with((*Settings).setPortMap)},
		{"rate", GroupLimits, limits.Packets,
			"Send at most `N` packets per second, replies aside; 0 for no limit, here and below",
			limit("rate", func(l *dhtcore.Limits) *float64 { return &l.Packets })},
		{"rate-bytes", GroupLimits, limits.Bytes, "Send at most `N` bytes per second, replies aside",
			limit("rate-bytes", func(l *dhtcore.Limits) *float64 { return &l.Bytes })},
		{"rate-new", GroupLimits, limits.New, "Contact at most `N` new addresses per minute",
			limit("rate-new", func(l *dhtcore.Limits) *float64 { return &l.New })},
		{"inbound-rate", GroupLimits, limits.Inbound, "Answer at most `N` queries per second",
			limit("inbound-rate", func(l *dhtcore.Limits) *float64 { return &l.Inbound })},
		{"inbound-bytes", GroupLimits, limits.InboundBytes, "Answer with at most `N` bytes per second; --inbound-rate 0 lifts this too",
			limit("inbound-bytes", func(l *dhtcore.Limits) *float64 { return &l.InboundBytes })},
		{"inbound-per-ip", GroupLimits, limits.InboundPerSource,
			"Accept at most `N` packets per second from one IP address",
			limit("inbound-per-ip", func(l *dhtcore.Limits) *float64 { return &l.InboundPerSource })},
		{"demo", GroupDemo, false, "Use an embedded network on loopback; higher limits than on Mainline",
			field(func(s *Settings) *bool { return &s.Demo })},
		{"demo-nodes", GroupDemo, dhtcore.DefaultDemoNodes, "Run `N` nodes in the embedded network",
			field(func(s *Settings) *int { return &s.Network.Nodes })},
		{"demo-net", GroupDemo, "", "Give the embedded network the addresses of `NET`, such as 10.77.0.0/16, for clients that refuse loopback ones " +
			"(default 127.0.0.0/8)",
			with((*Settings).setDemoNet)},
		{"seed", GroupDemo, uint64(1), "Seed `N` of the IDs and the demand in the embedded network",
			field(func(s *Settings) *uint64 { return &s.Network.Seed })},
		{"fault", GroupDemo, []string(nil), "Harm what passes between the embedded network and its visitors; a `RULE`, repeatable, " +
			"as in 'in get_peers drop=0.2 delay=100ms'",
			with((*Settings).setFaults)},
		{"max-hashes", GroupLimits, dhtcore.DefaultMaxHashes,
			"Keep at most `N` info_hashes in memory; the rest only in the store; 0 for all",
			with((*Settings).setMaxHashes)},
		{"keep", groupStorage, []string{defaultKeep},
			"Bound the store to a `SIZE` or an age; 2GB, 30d, both as 2GB,30d, or all for no limit",
			with((*Settings).setKeep)},
		{"names", groupGeneral, "", "Fetch the names of the hottest hashes, `top:N`; or none; from their peers (BEP 9); top:100 in the demo's explorer",
			with((*Settings).setNames)},
		{"mmdb", groupGeneral, []string(nil),
			"Show the country and network operator of addresses as in `FILE`, repeatable: a MaxMind, DB-IP or IPinfo database",
			field(func(s *Settings) *[]string { return &s.Explorer.MMDB })},
		{"log-level", groupGeneral, LogInfo.String(),
			"Write messages of `LEVEL` and above to stderr; debug, info, warning or error",
			with((*Settings).setLogLevel)},
		{"no-sandbox", groupGeneral, false, "Leave all files within reach of serve, crawl and doctor, which confine themselves to their own (Landlock)",
			field(func(s *Settings) *bool { return &s.NoSandbox })},
		{"mask-ips", groupGeneral, false, "Show networks instead of IP addresses; /24, or /48 of IPv6, which still give away the country and the network operator",
			field(func(s *Settings) *bool { return &s.Form.MaskAddrs })},
		{"for", groupGeneral, time.Duration(0), "Stop after `DURATION`; 0 runs until interrupted",
			with((*Settings).setFor)},
	}
}

// Mapping are Network of a command that stays: its ports are mapped by default.
func Mapping() []Setting {
	rows := Network()
	for i := range rows {
		if rows[i].name == "port-map" {
			rows[i].value = portMapAuto
		}
	}
	return rows
}

// Lab are the flags of the demo about what happens to its network.
func Lab() []Setting {
	return []Setting{
		{"lab", GroupOwn, false, "Open the lab first; its pane damages the network and mends it",
			field(func(s *Settings) *bool { return &s.Lab })},
		{"scenario", GroupOwn, "",
			"Run a scenario, a TOML `FILE` or a name; there are " + strings.Join(scenario.Names(), ", "),
			with((*Settings).setScenario)},
		{"headless", GroupOwn, false, "Run the scenario without a terminal and print its verdicts",
			field(func(s *Settings) *bool { return &s.Headless })},
	}
}

// Store are the flags that say where data is kept.
func Store() []Setting {
	return []Setting{
		{"data", groupStorage, "",
			"Keep what outlives the run in `DIR`; the node ID, the routing table and the store",
			field(func(s *Settings) *string { return &s.Explorer.DataDir })},
		{"store", groupStorage, "",
			"Store at `URL`; sqlite:PATH, postgres://... or none, as in the demo",
			field(func(s *Settings) *string { return &s.Explorer.Store })},
		{"config", groupStorage, "",
			"Read settings from `FILE`",
			nil},
	}
}

// Screen are the flags of the terminal explorer.
func Screen() []Setting {
	return []Setting{
		{"no-color", GroupScreen, false, "Use no colours; as with NO_COLOR in the environment",
			field(func(s *Settings) *bool { return &s.NoColor })},
		{"ascii", GroupScreen, false, "Use ASCII characters only; always where the locale is not UTF-8",
			field(func(s *Settings) *bool { return &s.ASCII })},
		{"graphs", GroupScreen, "", "Draw graphs with `KIND`; braille or blocks",
			field(func(s *Settings) *string { return &s.Graphs })},
		{"theme", GroupScreen, "",
			"Use theme `NAME`; " + strings.Join(theme.Names(), ", "),
			with((*Settings).setTheme)},
	}
}

// Everywhere are the settings that every command accepts, so that a script can pass them to all.
func Everywhere() []Setting {
	return slices.Concat(Screen(), slices.DeleteFunc(Network(), func(row Setting) bool {
		return row.name != "log-level"
	}))
}

// Serve are the flags of serve alone.
func Serve() []Setting {
	return []Setting{
		{"crawl", GroupOwn, false, "Sweep the keyspace for samples (BEP 51)",
			field(func(s *Settings) *bool { return &s.Crawl })},
		{"quiet", GroupOwn, false, "Log no events, only warnings",
			field(func(s *Settings) *bool { return &s.logs.Quiet })},
		{"unique", GroupOwn, false, "Log each hash and each IP address once; a line of a kind whose hash and address have both been there is left out",
			field(func(s *Settings) *bool { return &s.logs.Unique })},
		{"log-format", GroupOwn, string(logText), "Write the log as `FORM`; text, or json for an object per line",
			with((*Settings).setLogFormat)},
		{"log-rate", GroupOwn, float64(defaultLogRate), "Log at most `N` events of a kind per second; 0 for all; the log says how many it left out",
			with((*Settings).setLogRate)},
	}
}

// HTTP are the flags of the HTTP API, which listens on addr by default.
func HTTP(addr string) []Setting {
	return []Setting{
		{"http", groupHTTP, addr,
			"Serve the HTTP API on `ADDR`; HOST:PORT, unix:PATH or none; clients beyond loopback need the token in the data directory",
			with((*Settings).setHTTP)},
		{"http-host", groupHTTP, []string(nil),
			"Accept HTTP requests for host `NAME`; repeatable; localhost and IP addresses are always accepted",
			with((*Settings).setHTTPHosts)},
	}
}

// Tracker are the flags of the tracker.
func Tracker() []Setting {
	return []Setting{
		{"tracker-http", groupTracker, "", "Run a tracker over HTTP on `ADDR`; HOST:PORT or :PORT, or none",
			with((*Settings).setTrackerHTTP)},
		{"tracker-udp", groupTracker, "", "Run a tracker over UDP on `ADDR`; HOST:PORT or :PORT, or none (BEP 15)",
			with((*Settings).setTrackerUDP)},
		{"tracker-require", groupTracker, "any", "Refuse announces over HTTP unless they ask for `FORM`; compact, no_peer_id or any",
			with((*Settings).setTrackerRequire)},
		{"tracker-max-announce-rate", groupTracker, float64(dhtcore.DefaultTrackerMaxRate),
			"Choose the announce interval for at most `N` announces per second; it stays between 15 minutes and an hour",
			with((*Settings).setTrackerMaxRate)},
		{"tracker-bridge", groupTracker, false, "Offer clients of the tracker what the DHT knows too; it is asked about any torrent with few peers, private ones included",
			field(func(s *Settings) *bool { return &s.Tracker.Bridge })},
		{"tracker-allow", groupTracker, "", "Serve only the torrents in `FILE`, a hash or magnet link per line, or in a directory of .torrent files; read again when it changes",
			field(func(s *Settings) *string { return &s.Explorer.TrackerAllow })},
		{"tracker-deny", groupTracker, "", "Do not serve the torrents in `FILE` or directory; as --tracker-allow",
			field(func(s *Settings) *string { return &s.Explorer.TrackerDeny })},
		{"tracker-peer-timeout", groupTracker, time.Duration(0),
			"Keep a peer for at least `DURATION` after an announce, such as 30m; the announce interval fits; 0 for 1.2 intervals",
			with((*Settings).setTrackerPeerTimeout)},
		{"tracker-import", groupTracker, "", "Take in the peers and the names of `FILE` at the start; the state file of the Flask tracker, tracker_state.json",
			field(func(s *Settings) *string { return &s.Explorer.TrackerImport })},
		{"tracker-proxy", groupTracker, []string(nil),
			"Believe X-Forwarded-For and X-Real-IP of the proxies in `NET`; repeatable; an address or a network",
			with((*Settings).setTrackerProxies)},
	}
}

// Output are the flags of the commands that print.
func Output() []Setting {
	return []Setting{
		{"json", GroupOutput, false, "Print one JSON document at the end",
			field(func(s *Settings) *bool { return &s.Form.JSON })},
		{"ndjson", GroupOutput, false, "Print one JSON object per line; as it happens",
			field(func(s *Settings) *bool { return &s.Form.NDJSON })},
		{"csv", GroupOutput, false, "Print comma-separated values at the end; with a header",
			field(func(s *Settings) *bool { return &s.Form.CSV })},
		{"output", GroupOutput, "", "Write to `FILE`; it appears when complete",
			field(func(s *Settings) *string { return &s.Output })},
	}
}

// defaultTimeout is the longest wait of a search: a healthy one takes a second, and joining a few.
const defaultTimeout = 30 * time.Second

// Search are the flags of the commands that search the network.
func Search() []Setting {
	return []Setting{
		{"warm", GroupSearch, time.Duration(0), "Join the network for `DURATION` before the first search",
			with((*Settings).setWarm)},
		{"timeout", GroupSearch, defaultTimeout,
			"Give up a search after `DURATION`; the first one includes joining the network",
			with((*Settings).setTimeout)},
		{"steps", GroupSearch, false, "List every node asked and its referrers; with --json and --ndjson",
			field(func(s *Settings) *bool { return &s.Form.Steps })},
	}
}

// All are the rows of all tables.
func All() []Setting {
	return slices.Concat(Serve(), Network(), Lab(), Store(), Record(), Watch(), Screen(), HTTP(HttpOff), Tracker(),
		Output(), Search())
}
