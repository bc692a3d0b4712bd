package cli

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/theme"
)

// networkSettings are the flags that all network commands share.
func networkSettings() []setting {
	limits := dhtcore.DefaultLimits()
	return []setting{
		{"bind", groupNetwork, []string(nil), "local `ADDR` to listen on, one an address family (default 0.0.0.0 and ::)",
			with((*settings).setBind)},
		{"port", groupNetwork, uint16(dhtcore.DefaultPort), "UDP port to listen on; 0 picks one",
			field(func(s *settings) *uint16 { return &s.explorer.Port })},
		{"no-ipv6", groupNetwork, false, "leave IPv6 alone",
			field(func(s *settings) *bool { return &s.explorer.NoIPv6 })},
		{"bootstrap", groupNetwork, []string(nil), "`HOST:PORT` to join through, repeatable; 'none' for none (default well-known hosts)",
			with((*settings).setBootstrap)},
		{"vantages", groupNetwork, 1, "identities an address family, each on a port of its own from --port on; 1 to 8",
			with((*settings).setVantages)},
		{"read-only", groupNetwork, false, "ask, but do not answer (BEP 43)",
			field(func(s *settings) *bool { return &s.explorer.ReadOnly })},
		{"public-ip", groupNetwork, "", "`IP` at which others reach this node, which serves at once then (default found out)",
			with((*settings).setPublicIP)},
		{"rate", groupLimits, limits.Packets, "packets per second that we start, at most; 0 lifts this limit, and so for the others",
			limit("rate", func(l *dhtcore.Limits) *float64 { return &l.Packets })},
		{"rate-bytes", groupLimits, limits.Bytes, "bytes per second that we start",
			limit("rate-bytes", func(l *dhtcore.Limits) *float64 { return &l.Bytes })},
		{"rate-new", groupLimits, limits.New, "new destinations a minute",
			limit("rate-new", func(l *dhtcore.Limits) *float64 { return &l.New })},
		{"inbound-rate", groupLimits, limits.Inbound, "answers per second to all others together",
			limit("inbound-rate", func(l *dhtcore.Limits) *float64 { return &l.Inbound })},
		{"inbound-per-ip", groupLimits, limits.InboundPerSource, "packets per second that one source may send",
			limit("inbound-per-ip", func(l *dhtcore.Limits) *float64 { return &l.InboundPerSource })},
		{"demo", groupDemo, false, "use an embedded network on loopback instead of Mainline",
			field(func(s *settings) *bool { return &s.demo })},
		{"demo-nodes", groupDemo, dhtcore.DefaultDemoNodes, "nodes of the embedded network",
			field(func(s *settings) *int { return &s.network.Nodes })},
		{"seed", groupDemo, uint64(1), "seed of the embedded network's IDs and demand",
			field(func(s *settings) *uint64 { return &s.network.Seed })},
		{"max-hashes", groupLimits, 0, "info_hashes kept in memory, the others in the store only: one that comes back is printed as new again; 0 for all",
			with((*settings).setMaxHashes)},
		{"names", groupGeneral, "", "fetch the names of the hottest hashes from their peers (BEP 9), `top:N`; without it only those asked for",
			with((*settings).setNames)},
		{"mask-ips", groupGeneral, false, "show networks instead of addresses",
			field(func(s *settings) *bool { return &s.form.MaskAddrs })},
		{"for", groupGeneral, time.Duration(0), "stop after this `DURATION`; 0 runs until interrupted",
			with((*settings).setFor)},
	}
}

// storeSettings are the flags that say where data is kept.
func storeSettings() []setting {
	return []setting{
		{"data", groupStorage, "", "`DIR` for the routing table, the ID and the store (default " + filepath.Join("$XDG_STATE_HOME", "dhtop") + ")",
			field(func(s *settings) *string { return &s.explorer.DataDir })},
		{"store", groupStorage, "", "`URL` of the store: sqlite:PATH, postgres://... or none (default a file in the data directory; none with --demo)",
			field(func(s *settings) *string { return &s.explorer.Store })},
		{"config", groupStorage, "", "configuration `FILE` (default " + filepath.Join("$XDG_CONFIG_HOME", "dhtop", "config.toml") + ")",
			nil},
	}
}

// screenSettings are the flags of the terminal explorer.
func screenSettings() []setting {
	return []setting{
		{"no-color", groupScreen, false, "no colour; NO_COLOR in the environment does the same",
			field(func(s *settings) *bool { return &s.noColor })},
		{"ascii", groupScreen, false, "no character beyond ASCII",
			field(func(s *settings) *bool { return &s.ascii })},
		{"graphs", groupScreen, "", "`KIND` of characters that graphs are of: braille or blocks (default by the terminal)",
			field(func(s *settings) *string { return &s.graphs })},
		{"theme", groupScreen, "", "`NAME` of the theme: " + strings.Join(theme.Names(), ", ") + " (default by the terminal)",
			field(func(s *settings) *string { return &s.theme })},
	}
}

// The values of --http: where it is off, and where serve has it unless told otherwise.
const (
	httpOff   = "none"
	httpServe = "127.0.0.1:6880"
)

// httpSettings are the flags of the HTTP API, which listens on addr by default.
func httpSettings(addr string) []setting {
	return []setting{
		{"http", groupHTTP, addr, "`ADDR` of the HTTP API, HOST:PORT; none for no API. Beyond loopback it asks for the token in the data directory",
			with((*settings).setHTTP)},
		{"http-host", groupHTTP, []string(nil), "`NAME` of this machine by which the HTTP API may be called, repeatable; localhost and IP addresses always may",
			with((*settings).setHTTPHosts)},
	}
}

// outputSettings are the flags of the commands that print.
func outputSettings() []setting {
	return []setting{
		{"json", groupOutput, false, "one JSON document at the end",
			field(func(s *settings) *bool { return &s.form.json })},
		{"ndjson", groupOutput, false, "one JSON object a line, as it happens",
			field(func(s *settings) *bool { return &s.form.ndjson })},
		{"csv", groupOutput, false, "comma-separated values with a header line, at the end",
			field(func(s *settings) *bool { return &s.form.csv })},
		{"output", groupOutput, "", "write to `FILE` instead, beside and renamed",
			field(func(s *settings) *string { return &s.output })},
	}
}

// defaultTimeout is the longest wait of a search: a healthy one takes a second, and joining a few.
const defaultTimeout = 30 * time.Second

// searchSettings are the flags of the commands that search the network.
func searchSettings() []setting {
	return []setting{
		{"warm", groupSearch, time.Duration(0), "join the network for this `DURATION` before the first search",
			with((*settings).setWarm)},
		{"timeout", groupSearch, defaultTimeout, "longest time for a search; joining the network is part of the first",
			with((*settings).setTimeout)},
		{"steps", groupSearch, false, "with --json and --ndjson: every node asked, and who told of it",
			field(func(s *settings) *bool { return &s.form.Steps })},
	}
}

// allSettings are the rows of all tables.
func allSettings() []setting {
	return slices.Concat(networkSettings(), storeSettings(), screenSettings(), httpSettings(httpOff), outputSettings(), searchSettings())
}
