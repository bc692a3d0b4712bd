package cli

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

// networkSettings are the flags that all network commands share.
func networkSettings() []setting {
	limits := dhtcore.DefaultLimits()
	return []setting{
		{"bind", groupNetwork, []string(nil), "Listen on `ADDR`; one per address family",
			with((*settings).setBind)},
		{"port", groupNetwork, uint16(dhtcore.DefaultPort), "Listen on UDP port `N`; 0 picks one",
			field(func(s *settings) *uint16 { return &s.explorer.Port })},
		{"bind-device", groupNetwork, "", "Keep to the network interface `IFACE`; nothing leaves by another one when it goes away, as that of a VPN does",
			field(func(s *settings) *string { return &s.explorer.BindDevice })},
		{"no-ipv6", groupNetwork, false, "Disable IPv6",
			field(func(s *settings) *bool { return &s.explorer.NoIPv6 })},
		{"bootstrap", groupNetwork, []string(nil),
			"Join through `HOST:PORT`; repeatable, or none",
			with((*settings).setBootstrap)},
		{"vantages", groupNetwork, 1, "Run `N` nodes per address family, 1 to 8, on consecutive ports",
			with((*settings).setVantages)},
		{"read-only", groupNetwork, false, "Send queries but answer none (BEP 43)",
			field(func(s *settings) *bool { return &s.explorer.ReadOnly })},
		{"public-ip", groupNetwork, "", "Public `IP` of this node; skips the reachability test",
			with((*settings).setPublicIP)},
		{"port-map", groupNetwork, portMapOff, "Have the router forward the ports to this machine as `MODE` says; auto, by PCP, NAT-PMP or UPnP, or off",
			with((*settings).setPortMap)},
		{"rate", groupLimits, limits.Packets,
			"Send at most `N` packets per second, replies aside; 0 for no limit, here and below",
			limit("rate", func(l *dhtcore.Limits) *float64 { return &l.Packets })},
		{"rate-bytes", groupLimits, limits.Bytes, "Send at most `N` bytes per second, replies aside",
			limit("rate-bytes", func(l *dhtcore.Limits) *float64 { return &l.Bytes })},
		{"rate-new", groupLimits, limits.New, "Contact at most `N` new addresses per minute",
			limit("rate-new", func(l *dhtcore.Limits) *float64 { return &l.New })},
		{"inbound-rate", groupLimits, limits.Inbound, "Answer at most `N` queries per second",
			limit("inbound-rate", func(l *dhtcore.Limits) *float64 { return &l.Inbound })},
		{"inbound-bytes", groupLimits, limits.InboundBytes, "Answer with at most `N` bytes per second; --inbound-rate 0 lifts this too",
			limit("inbound-bytes", func(l *dhtcore.Limits) *float64 { return &l.InboundBytes })},
		{"inbound-per-ip", groupLimits, limits.InboundPerSource,
			"Accept at most `N` packets per second from one IP address",
			limit("inbound-per-ip", func(l *dhtcore.Limits) *float64 { return &l.InboundPerSource })},
		{"demo", groupDemo, false, "Use an embedded network on loopback; higher limits than on Mainline",
			field(func(s *settings) *bool { return &s.demo })},
		{"demo-nodes", groupDemo, dhtcore.DefaultDemoNodes, "Run `N` nodes in the embedded network",
			field(func(s *settings) *int { return &s.network.Nodes })},
		{"demo-net", groupDemo, "", "Give the embedded network the addresses of `NET`, such as 10.77.0.0/16, for clients that refuse loopback ones " +
			"(default 127.0.0.0/8)",
			with((*settings).setDemoNet)},
		{"seed", groupDemo, uint64(1), "Seed `N` of the IDs and the demand in the embedded network",
			field(func(s *settings) *uint64 { return &s.network.Seed })},
		{"fault", groupDemo, []string(nil), "Harm what passes between the embedded network and its visitors; a `RULE`, repeatable, " +
			"as in 'in get_peers drop=0.2 delay=100ms'",
			with((*settings).setFaults)},
		{"max-hashes", groupLimits, dhtcore.DefaultMaxHashes,
			"Keep at most `N` info_hashes in memory; the rest only in the store; 0 for all",
			with((*settings).setMaxHashes)},
		{"keep", groupStorage, []string{defaultKeep},
			"Bound the store to a `SIZE` or an age; 2GB, 30d, both as 2GB,30d, or all for no limit",
			with((*settings).setKeep)},
		{"names", groupGeneral, "", "Fetch the names of the hottest hashes, `top:N`; or none; from their peers (BEP 9); top:100 in the demo's explorer",
			with((*settings).setNames)},
		{"mmdb", groupGeneral, []string(nil),
			"Show the country and network operator of addresses as in `FILE`, repeatable: a MaxMind, DB-IP or IPinfo database",
			field(func(s *settings) *[]string { return &s.explorer.MMDB })},
		{"log-level", groupGeneral, logInfo.String(),
			"Write messages of `LEVEL` and above to stderr; debug, info, warning or error",
			with((*settings).setLogLevel)},
		{"no-sandbox", groupGeneral, false, "Leave all files within reach of serve, crawl and doctor, which confine themselves to their own (Landlock)",
			field(func(s *settings) *bool { return &s.noSandbox })},
		{"mask-ips", groupGeneral, false, "Show networks instead of IP addresses",
			field(func(s *settings) *bool { return &s.form.MaskAddrs })},
		{"for", groupGeneral, time.Duration(0), "Stop after `DURATION`; 0 runs until interrupted",
			with((*settings).setFor)},
	}
}

// mappingSettings are networkSettings of a command that stays: its ports are mapped by default.
func mappingSettings() []setting {
	rows := networkSettings()
	for i := range rows {
		if rows[i].name == "port-map" {
			rows[i].value = portMapAuto
		}
	}
	return rows
}

// labSettings are the flags of the demo about what happens to its network.
func labSettings() []setting {
	return []setting{
		{"lab", groupOwn, false, "Open the lab first; its pane damages the network and mends it",
			field(func(s *settings) *bool { return &s.lab })},
		{"scenario", groupOwn, "",
			"Run a scenario, a TOML `FILE` or a name; there are " + strings.Join(scenario.Names(), ", "),
			with((*settings).setScenario)},
		{"headless", groupOwn, false, "Run the scenario without a terminal and print its verdicts",
			field(func(s *settings) *bool { return &s.headless })},
	}
}

// storeSettings are the flags that say where data is kept.
func storeSettings() []setting {
	return []setting{
		{"data", groupStorage, "",
			"Keep what outlives the run in `DIR`; the node ID, the routing table and the store",
			field(func(s *settings) *string { return &s.explorer.DataDir })},
		{"store", groupStorage, "",
			"Store at `URL`; sqlite:PATH, postgres://... or none, as in the demo",
			field(func(s *settings) *string { return &s.explorer.Store })},
		{"config", groupStorage, "",
			"Read settings from `FILE`",
			nil},
	}
}

// screenSettings are the flags of the terminal explorer.
func screenSettings() []setting {
	return []setting{
		{"no-color", groupScreen, false, "Use no colours; as with NO_COLOR in the environment",
			field(func(s *settings) *bool { return &s.noColor })},
		{"ascii", groupScreen, false, "Use ASCII characters only; always where the locale is not UTF-8",
			field(func(s *settings) *bool { return &s.ascii })},
		{"graphs", groupScreen, "", "Draw graphs with `KIND`; braille or blocks",
			field(func(s *settings) *string { return &s.graphs })},
		{"theme", groupScreen, "",
			"Use theme `NAME`; " + strings.Join(theme.Names(), ", "),
			with((*settings).setTheme)},
	}
}

// everywhere are the settings that every command accepts, so that a script can pass them to all.
func everywhere() []setting {
	return slices.Concat(screenSettings(), slices.DeleteFunc(networkSettings(), func(row setting) bool {
		return row.name != "log-level"
	}))
}

// serveSettings are the flags of serve alone.
func serveSettings() []setting {
	return []setting{
		{"crawl", groupOwn, false, "Sweep the keyspace for samples (BEP 51)",
			field(func(s *settings) *bool { return &s.crawl })},
		{"quiet", groupOwn, false, "Log no events, only warnings",
			field(func(s *settings) *bool { return &s.logs.quiet })},
		{"unique", groupOwn, false, "Log each hash and each IP address once; a line of a kind whose hash and address have both been there is left out",
			field(func(s *settings) *bool { return &s.logs.unique })},
		{"log-format", groupOwn, string(logText), "Write the log as `FORM`; text, or json for an object per line",
			with((*settings).setLogFormat)},
		{"log-rate", groupOwn, float64(defaultLogRate), "Log at most `N` events of a kind per second; 0 for all; the log says how many it left out",
			with((*settings).setLogRate)},
	}
}

// httpSettings are the flags of the HTTP API, which listens on addr by default.
func httpSettings(addr string) []setting {
	return []setting{
		{"http", groupHTTP, addr,
			"Serve the HTTP API on `ADDR`; HOST:PORT, unix:PATH or none; clients beyond loopback need the token in the data directory",
			with((*settings).setHTTP)},
		{"http-host", groupHTTP, []string(nil),
			"Accept HTTP requests for host `NAME`; repeatable; localhost and IP addresses are always accepted",
			with((*settings).setHTTPHosts)},
	}
}

// trackerSettings are the flags of the tracker.
func trackerSettings() []setting {
	return []setting{
		{"tracker-http", groupTracker, "", "Run a tracker over HTTP on `ADDR`; HOST:PORT or :PORT, or none",
			with((*settings).setTrackerHTTP)},
		{"tracker-udp", groupTracker, "", "Run a tracker over UDP on `ADDR`; HOST:PORT or :PORT, or none (BEP 15)",
			with((*settings).setTrackerUDP)},
		{"tracker-require", groupTracker, "any", "Refuse announces over HTTP unless they ask for `FORM`; compact, no_peer_id or any",
			with((*settings).setTrackerRequire)},
		{"tracker-max-announce-rate", groupTracker, float64(dhtcore.DefaultTrackerMaxRate),
			"Choose the announce interval for at most `N` announces per second; it stays between 15 minutes and an hour",
			with((*settings).setTrackerMaxRate)},
		{"tracker-bridge", groupTracker, false, "Offer clients of the tracker what the DHT knows too; it is asked about any torrent with few peers, private ones included",
			field(func(s *settings) *bool { return &s.tracker.Bridge })},
		{"tracker-allow", groupTracker, "", "Serve only the torrents in `FILE`, a hash or magnet link per line, or in a directory of .torrent files; read again when it changes",
			field(func(s *settings) *string { return &s.explorer.TrackerAllow })},
		{"tracker-deny", groupTracker, "", "Do not serve the torrents in `FILE` or directory; as --tracker-allow",
			field(func(s *settings) *string { return &s.explorer.TrackerDeny })},
		{"tracker-peer-timeout", groupTracker, time.Duration(0),
			"Keep a peer for at least `DURATION` after an announce, such as 30m; the announce interval fits; 0 for 1.2 intervals",
			with((*settings).setTrackerPeerTimeout)},
		{"tracker-import", groupTracker, "", "Take in the peers and the names of `FILE` at the start; the state file of the Flask tracker, tracker_state.json",
			field(func(s *settings) *string { return &s.explorer.TrackerImport })},
		{"tracker-proxy", groupTracker, []string(nil),
			"Believe X-Forwarded-For and X-Real-IP of the proxies in `NET`; repeatable; an address or a network",
			with((*settings).setTrackerProxies)},
	}
}

// outputSettings are the flags of the commands that print.
func outputSettings() []setting {
	return []setting{
		{"json", groupOutput, false, "Print one JSON document at the end",
			field(func(s *settings) *bool { return &s.form.JSON })},
		{"ndjson", groupOutput, false, "Print one JSON object per line; as it happens",
			field(func(s *settings) *bool { return &s.form.NDJSON })},
		{"csv", groupOutput, false, "Print comma-separated values at the end; with a header",
			field(func(s *settings) *bool { return &s.form.CSV })},
		{"output", groupOutput, "", "Write to `FILE`; it appears when complete",
			field(func(s *settings) *string { return &s.output })},
	}
}

// defaultTimeout is the longest wait of a search: a healthy one takes a second, and joining a few.
const defaultTimeout = 30 * time.Second

// searchSettings are the flags of the commands that search the network.
func searchSettings() []setting {
	return []setting{
		{"warm", groupSearch, time.Duration(0), "Join the network for `DURATION` before the first search",
			with((*settings).setWarm)},
		{"timeout", groupSearch, defaultTimeout,
			"Give up a search after `DURATION`; the first one includes joining the network",
			with((*settings).setTimeout)},
		{"steps", groupSearch, false, "List every node asked and its referrers; with --json and --ndjson",
			field(func(s *settings) *bool { return &s.form.Steps })},
	}
}

// allSettings are the rows of all tables.
func allSettings() []setting {
	return slices.Concat(serveSettings(), networkSettings(), labSettings(), storeSettings(), recordSettings(), watchSettings(), screenSettings(), httpSettings(httpOff), trackerSettings(),
		outputSettings(), searchSettings())
}
