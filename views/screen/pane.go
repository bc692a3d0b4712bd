package screen

import (
	"strconv"
	"strings"

	"dhtop/dhtcore"
)

// Pane is what fills the screen between the status bar and the hints.
type Pane uint8

// The panes, in the order of their number keys.
const (
	OverviewPane Pane = iota
	HashesPane
	TablePane
	LookupsPane
	PacketsPane
	CrawlPane
	TrackerPane
	WatchPane
	TrafficPane
	LogPane
	LabPane // where there is a demo
	Panes   // how many there are
)

// panes has a row for every pane.
var panes = [Panes]struct {
	name   string
	action string                         // the name of the action that shows it, if another action has the pane's name
	key    string                         // that shows it, if not its number
	list   func(*State) List              // that the keys are in
	help   string                         // what the action says, if not the pane's name
	about  string                         // what the pane shows, for the help
	whyNot func(*dhtcore.Snapshot) string // it cannot be shown now; nil if it always can
}{
	OverviewPane: {name: "overview", list: overviewList, help: "overview: all at a glance, and the news",
		about: "Everything at a glance: the hashes that the network asks this node for, the news among them, its " +
			"routing table, its lookups, and what happens now. A hash is news when it is asked for more than three " +
			"times as often as in the minutes, or in the hour, before; when peers announce it that nobody asked for " +
			"before; and when its last lookup finds no seed where the one before did."},
	HashesPane: {name: "hashes", list: only(HashList), help: "hashes: what the network asks for, ranked",
		about: "Every info_hash this node has seen, by the get_peers queries that reached it. " +
			"Requests that keep a routing table (maintenance: the target is nearer to the asker's ID than to ours) do not count, " +
			"unless the hash turns out real: announced, sampled, found, or asked for by others."},
	TablePane: {name: "routing table", list: only(NodeList), help: "routing table: the nodes that this node knows",
		about: "The nodes this node knows, by how many leading bits their ID shares with ours: half of all nodes " +
			"share 0, a quarter 1, and so on. " +
			"Far buckets are full, near ones nearly empty: that is what keeps every step of a lookup short."},
	LookupsPane: {name: "lookups", list: lookupsList, help: "lookups: how peers were found, hop by hop",
		about: "A lookup asks the closest known nodes for closer ones. Each dot is a node asked: higher is closer " +
			"to the hash, right is later. " +
			"A healthy lookup climbs about three bits a round and ends with replies from the eight closest nodes. " +
			"Digits mark the path to the selected node. " +
			"The risk is that the closest nodes were put there to hide the others; coverage is the share of all " +
			"peers that this lookup found."},
	PacketsPane: {name: "packets", list: packetsList, help: "packets: each one, byte by byte",
		about: "Every packet this node sends and receives (KRPC, BEP 5), newest first; above 200 a second only a " +
			"sample, each query with its reply. " +
			"about: what the query asks for, also beside its reply. ms: from the query to the reply. enter opens a " +
			"packet: every field, the XOR distances step by step, the bytes. " +
			"A filter looks out for packets to come, too: in get_peers, kind:error, ms>200, :6881, !ping."},
	CrawlPane: {name: "crawl", action: "crawl pane", list: cellsList, help: "crawl: the keyspace, swept for hashes",
		about: "The crawl moves through the keyspace and asks each node, once per the interval that it states, for " +
			"a sample of the hashes it stores (BEP 51). " +
			"A cell is the nodes whose IDs begin with one byte, 1/256 of all. Shade: nodes known. Bars: hashes in " +
			"samples; the share of nodes that support BEP 51. " +
			"Mute: answers, but not that query. Silent: does not answer now. Dead: never answered."},
	TrackerPane: {name: "tracker", list: only(SwarmList), help: "tracker: this node's own, its swarms", whyNot: whyNoTracker,
		about: "This node's own tracker (BEP 3, 15): the older way to find peers. Clients tell one server what they share, and learn " +
			"who else shares it; the DHT spreads the same list over its nodes. enter opens a swarm's hash, with the DHT's view " +
			"beside the tracker's. z shows all figures. " +
			"The interval is what clients are told to wait until they announce again: it grows when there are more announces " +
			"a second than --tracker-max-announce-rate. A ban is for datagrams with connection IDs that were never given, " +
			"which are from broken clients or carry forged addresses; it ends five minutes after the last."},
	WatchPane: {name: "watch", list: only(WatchList), help: "watch: what is yours, and its alerts",
		about: "Torrents and mutable items (BEP 44) of yours, which this node looks up again and again: often what changes, rarely " +
			"what does not, all of them within a budget of packets. W puts the selected hash on the list, or takes it off. " +
			"An alert fires once, when its cause has been seen in more than one lookup, and clears by itself. " +
			"Seeds are estimated (BEP 33): the number after ± is how far off one estimate in twenty may be. " +
			"z shows all that is known of the selected row."},
	TrafficPane: {name: "traffic", action: "traffic pane", key: "9", list: trafficList,
		help: "traffic, clients, networks, kept here, history", about: views[MethodsView].about},
	LogPane: {name: "log", key: "E", list: only(LogList), help: "the log of events",
		about: "What happens, the newest first: requests and announces from others, samples, nodes that join and leave the " +
			"routing table, lookups, warnings. A lookup is one line with all that it found. left and right choose how much: " +
			"everything, no requests, findings, warnings. maintenance: the asker keeps its own table and looks for no peers. While a line below the first is selected the log stands still; g goes " +
			"on. enter opens what a line is about. Addresses are networks here, save in the demo."},
	LabPane: {name: "lab", key: "0", list: only(LabList), help: "lab: faults for the demo's network", whyNot: whyNoLab,
		about: "What is wrong with the demo's network, and what that does to our node; the other panes show it. " +
			"left and right turn a knob, backspace resets it, enter begins or ends an incident and runs a scenario, x undoes all. " +
			"The truth is what only the network knows: ◦ not yet, ● ok, × failed."},
}

// Key is the key that shows a pane.
func (p Pane) Key() string {
	if key := panes[p%Panes].key; key != "" {
		return key
	}
	return strconv.Itoa(int(p) + 1)
}

// WhyNot is why a pane cannot be shown now, "" if it can.
func (p Pane) WhyNot(s *dhtcore.Snapshot) string {
	if why := panes[p%Panes].whyNot; why != nil {
		return why(s)
	}
	return ""
}

// Tab is the pane's name in one word.
func (p Pane) Tab() string {
	name := p.String()
	return name[strings.LastIndexByte(name, ' ')+1:]
}

// String returns the pane's name.
func (p Pane) String() string { return panes[p%Panes].name }

// Help is what the action that shows a pane says.
func (p Pane) Help() string {
	if help := panes[p%Panes].help; help != "" {
		return help
	}
	return p.String()
}

// About says what a pane shows, in a few sentences.
func (p Pane) About() string { return panes[p%Panes].about }

// Action is the name of the action that shows a pane.
func (p Pane) Action() string {
	if name := panes[p%Panes].action; name != "" {
		return name
	}
	return p.String()
}

// List is the list that the keys are in, or will be when the overlay is closed.
func (st *State) List() List { return panes[st.Pane%Panes].list(st) }

// Focus is the list that the movement keys move in.
func (st *State) Focus() List {
	switch {
	case st.Help, st.Doctor:
		return NoList
	case st.Digest != nil:
		return DigestList
	default:
		return st.List()
	}
}

func only(l List) func(*State) List { return func(*State) List { return l } }

func lookupsList(st *State) List {
	switch {
	case st.Zoom && st.Peers:
		return PeerList
	case st.Zoom:
		return StepList
	default:
		return LookupList
	}
}

func packetsList(st *State) List {
	if st.Packet != nil {
		return FieldList
	}
	return PacketList
}

func cellsList(st *State) List {
	if st.Parts != nil {
		return PartList
	}
	return CellList
}

func whyNoTracker(s *dhtcore.Snapshot) string {
	if s.Tracker != nil {
		return ""
	}
	return "no tracker runs here: 'dhtop serve --tracker-http :6969' is one"
}
