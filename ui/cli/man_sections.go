package cli

import (
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/exit"
	"fmt"
)

// described is a row of a section of the manual page: a name and what it is.
type described struct{ name, is string }

// environment are the variables that are read besides those of the settings.
var environment = []described{
	{config.FileVariable, "The configuration file, as with --config."},
	{config.TokenVariable, "The token that attach sends to a dhtop on another machine. No flag takes it, as others on this machine can see those."},
	{"NO_COLOR", "Use no colours, as with --no-color."},
	{"TERM, COLORFGBG, COLORTERM", "The terminal, its background and its colours; they choose the theme and the graphs."},
	{"LC_ALL, LC_CTYPE, LANG", "The locale. Where it is not UTF-8, ASCII is used, as with --ascii."},
	{"XDG_CONFIG_HOME, XDG_STATE_HOME, HOME", "Where the files below are."},
	{"GOGC", "The garbage collection of Go; the demo and the tracker set their own unless this is set."},
}

// files are what is read and kept.
var files = []described{
	{"$XDG_CONFIG_HOME/dhtop/config.toml", "Settings, named like the flags: no-ipv6 = true. Several values are a list, or text with commas. A table " +
		"named like a command, such as [serve], is for that command alone; [dhtop] is for the explorer. A flag beats the environment, " +
		"which beats the file. A path may begin with ~/ in all of them. 'dhtop config --default' prints one with every setting, " +
		"'dhtop config' shows what is in force. The table [targets] names dhtops for attach: home = \"http://192.0.2.7:6880\", or " +
		"home = { url = \"http://192.0.2.7:6880\", token-file = \"~/home.token\" }."},
	{"$XDG_STATE_HOME/dhtop", "The data directory, which one dhtop uses at a time: the node IDs and the routing tables, one file an identity, " +
		"the state of the crawl, and the files below. Remove it to begin anew."},
	{"$XDG_STATE_HOME/dhtop/dhtop.db", "The store, an SQLite file with a readable view top_hashes; with --store postgres://... what waits for the server."},
	{"$XDG_STATE_HOME/dhtop/tracker.state, tracker.torrents", "The swarms of the tracker, and the torrents that it was told of: a magnet link a line, as " +
		"--tracker-allow takes them. Edit it while no dhtop runs."},
	{"$XDG_STATE_HOME/dhtop/token", "The token of the HTTP API for clients beyond loopback; only you can read it."},
	{"$XDG_STATE_HOME/dhtop/attach.sock", "The socket at which serve, crawl and the explorer can be attached to while they run, a demo where --data was passed; only you can open it. " +
		"'dhtop attach' and the explorer look there. The service of the packages keeps its data in /var/lib/dhtop: 'sudo dhtop attach --data " +
		"/var/lib/dhtop' shows it and commands it, 'dhtop attach http://127.0.0.1:6880' looks on."},
	{"$XDG_STATE_HOME/dhtop/lock", "Held by the dhtop that uses the directory; its process ID and command are in it."},
}

// events are the kinds of the lines of --ndjson.
var events = []described{
	{"requested, announced", "Another node asked this one for the peers of a hash, or announced one."},
	{"tracked", "A peer that is new in a swarm of our tracker, 500 a second at most."},
	{"sampled", "A node's answer to the crawl (BEP 51)."},
	{"found", "Peers, by a lookup."},
	{"discovered", "A hash, for the first time."},
	{"named", "The name of a hash was fetched (BEP 9)."},
	{"stored", "An item, for another (BEP 44)."},
	{"node_joined, node_left", "A node entered or left the routing table."},
	{"lookup_started, lookup_step, lookup_done", "A lookup, its queries and its end."},
	{"crawl_step", "The crawl visited a node."},
	{"reachable", "Others reach this node, so it serves."},
	{"warning", "What is wrong, in text."},
	{"alert", "An alert of the watch list that fired, or is over (\"firing\" says which), and its rule."},
	{"left_out", "A line of serve --log-format json: how many lines of each kind the log has left out since the last one; repeats are those of " +
		"--unique, unread are events that came faster than the log was read."},
	{"log", "A remark of serve --log-format json, on stderr."},
	{"summary", "The last line of crawl: its counts and its top list."},
}

// signals are those that serve obeys.
var signals = []described{
	{"SIGTERM", "Saves what is kept and ends with 0, within a second."},
	{"SIGINT", "The same, with 130."},
	{"SIGHUP", "Reads the settings anew, as a new process would with the same arguments, and with them the token, the MMDB files and the lists " +
		"of the tracker. Limits, names, bounds, the crawl, the log and the tracker follow at once; of the others that have changed, a line each " +
		"says that they need a restart. A file with a mistake in it changes nothing. The sandbox lets dhtop open no file in a directory that it " +
		"had no file in at its start: that needs a restart too."},
}

// paths are those of the HTTP API.
var paths = []described{
	{"/", "The list of the paths."},
	{"/healthz", "200 as long as the program lives, because a restart fixes no full disk and loses what waits in memory: alert on the " +
		"status in the document, which also says how full memory and store are."},
	{"/readyz", "503 until the node has joined the network, and while there is none."},
	{"/metrics", "All figures for Prometheus."},
	{"/openapi.json", "Every path, parameter and document, for programs (OpenAPI 3.1). Errors are documents of RFC 9457."},
	{"/api/v1/stats, doctor, table", "How the node fares, why it is quiet, and its routing tables, bucket by bucket."},
	{"/api/v1/nodes", "The nodes in the routing tables, with state, identity, sort, order, filter and limit. A filter is that of the screen's table of nodes."},
	{"/api/v1/hashes", "The ranking, with sort, order, filter and limit; next_cursor of a page asks for the next one. A filter is that of the screen."},
	{"/api/v1/hashes/HASH, /api/v1/hashes/HASH/peers", "All that is known of one info_hash, in every form that people paste, and of its swarm."},
	{"/api/v1/lookups, trackers", "The lookups of late; what trackers said of their hashes."},
	{"/api/v1/export", "The ranking as a file, with format csv, json, ndjson, magnet or plain."},
	{"/api/v1/events", "What happens, as server-sent events with the objects of serve --ndjson; kind and info_hash choose. Last-Event-ID goes on where a " +
		"client left. What it was too slow for it is told in a message of the type dropped."},
	{"/api/v1/attach", "The stream of an attached explorer, a WebSocket. Without the token it only looks on."},
	{"POST /api/v1/lookups, names, trackers", "Look a torrent up, fetch its name, ask its trackers: {\"info_hash\": \"...\"}; with \"wait\": true the answer of " +
		"the first two is the outcome."},
	{"POST /api/v1/announce, get, put, ping", "Announce a peer, fetch or store an item, ping a node; the answer is the outcome."},
	{"POST /api/v1/crawl, rates", "Start or stop the crawl: {\"running\": true}; change limits of this run."},
	{"/stats", "The tracker and its torrents; a page for a browser."},
	{"POST /add_torrent_info", "Tell the tracker of a torrent: a JSON document with info_hash, name and size, or the content of a .torrent file. It is " +
		"served from then on, whatever the allow list has."},
	{"POST /save_state, POST /shutdown", "Save what is kept now; end 'dhtop serve' with 0, everything saved. Every POST needs the token, on loopback too."},
}

// storing are what is kept of what was counted, and how stores are merged.
var storing = []described{
	{"--max-hashes", "Bounds the memory. Further hashes are kept in the store only."},
	{"--keep", "Bounds the store. What is trimmed first are hashes that were requested once, by an address that never answered a query " +
		"nor returned a token, and those that only our tracker knows, as anybody can make up any number of those; then the coldest. The first 1,000 ranks stay. A full file gets " +
		"no smaller, but its room is used again; VACUUM in sqlite3 returns it."},
	{"origins", "This column of an export as CSV, JSON or NDJSON says which store counted what. A file can be imported twice, or a later " +
		"export of the same store, and nothing is counted twice. What crawl --json or --ndjson wrote can be imported with --origin NAME."},
	{"postgres://...", "Any number of crawlers share one database, each with its own rows; its views add them up."},
}

// masks are what is hidden where, and what is not.
var masks = []described{
	{"P, --mask-ips", "Addresses are shown as their networks: /24, of IPv6 /48. A network still gives away the country and the operator, " +
		"which are shown where --mmdb knows them. Our own ID is hidden, too."},
	{"--record with --mask-ips, replay -o with --mask-ips", "Pseudonyms stand for addresses, IDs, info_hashes, names, trackers and tokens; networks are " +
		"replaced, too. The country and the operator that --mmdb knew of a host stay, which in a small network can tell more than the " +
		"pseudonym; its city does not. Record without --mmdb to leave them out."},
}

// exitCodes are how the program ends.
var exitCodes = []described{
	{fmt.Sprint(exit.Done), "done; serve: also ended by SIGTERM"},
	{fmt.Sprint(exit.Nothing), "nothing found, or a check failed"},
	{fmt.Sprint(exit.Usage), "wrong usage, it could not start, or it crashed"},
	{fmt.Sprint(exit.Interrupted), "interrupted"},
}

// table writes the rows of a section.
func (m *manual) table(rows []described) {
	for _, row := range rows {
		m.macro("TP", "6")
		m.macro("B", row.name)
		m.text(row.is)
	}
}
