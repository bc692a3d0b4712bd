package screen

import "dhtop/dhtcore"

// contexts has a row for every list that the keys can be in. An action is possible where the row has it; where
// not, the row says why.
var contexts = [Lists]Context{
	HashList: {
		Name: "hashes",
		Rows: countHashRows, Pins: hashPins,
		orders: hashOrders(),
		Filter: languageOf(dhtcore.HashColumns, siftHashes), All: countHashes,
		WhyNotOpen: whyNotOpenHash, WhyNoDetails: always("enter opens the selected row"),
		Hash: selectedHash, Lookup: lookupOfHash,
		Empty: whyNoHashes, WhyNoHash: whyNoHashes,
		WhyNotExport: none(countHashes, "hash"),
	},
	NodeList: {
		Name: "nodes",
		Rows: (*State).countNodes, Pins: nodePins, orders: nodeOrders,
		Filter: languageOf(nodeColumns, siftNodes), All: (*State).countNodes,
		WhyNotOpen: whyNotOpenNode, WhyNoDetails: always("enter opens the selected row"), Widen: (*State).listAllNodes,
		Node: selectedNode, Addr: nodeAddr,
		Empty:        always("no node is selected: the list is empty"),
		WhyNoHash:    always("this pane lists nodes: select a hash in pane 1, 2 or 4"),
		WhyNotExport: none((*State).countNodes, "node"),
	},
	LookupList: {
		Name: "lookups",
		Rows: countLookups, Pins: lookupPins, below: []List{StepList, PeerList}, orders: lookupOrders,
		Filter: languageOf(lookupColumns, siftLookups), All: countLookups,
		WhyNoDetails: whyNoLookups,
		Hash:         lookupHash, Lookup: (*State).Lookup,
		Empty: always(noLookups), WhyNoHash: always(noLookups), WhyNotExport: none(countLookups, "lookup"),
	},
	StepList: {
		Name: "the nodes that a lookup asked",
		Rows: countSteps, Pins: stepPins,
		Filter: languageOf(stepColumns, nil), All: allSteps,
		Open: openPeers, WhyNotOpen: whyNoPeers, WhyNoDetails: whyNoLookups, Enter: enterSteps,
		Hash: lookupHash, Lookup: (*State).Lookup, Node: selectedStep, Addr: stepAddr,
		Empty: always("nothing is selected: the list is empty"), WhyNoHash: always(noLookups),
		WhyNotExport: none(countLookups, "lookup"),
	},
	PeerList: {
		Name: "the peers that a lookup found",
		Rows: countPeers, Pins: peerPins,
		Filter: languageOf(peerColumns, nil), All: allPeers,
		Open: openInFull, WhyNoDetails: whyNoLookups, Leave: leavePeers, Enter: enterPeers,
		Hash: lookupHash, Lookup: (*State).Lookup, Addr: peerAddr,
		Empty: always("nothing is selected: the list is empty"), WhyNoHash: always(noLookups),
		WhyNotExport: none(countLookups, "lookup"),
	},
	PacketList: {
		Name: "packets",
		Rows: countPackets, Pins: packetPins, newestFirst: true,
		Filter: languageOf(dhtcore.PacketColumns, siftPackets), All: allPackets, Passed: passedPackets,
		Open: openPacket, WhyNoDetails: always("enter opens the selected row"),
		Hash: packetHash, Addr: packetAddr,
		Empty:     emptyPackets,
		WhyNoHash: always("the selected packet contains no hash"), WhyNotExport: none(countPackets, "packet"),
	},
	FieldList: {
		Rows:        func(st *State, _ *dhtcore.Snapshot) int { return countFields(st) },
		WhyNoFilter: "a packet is open: esc goes back to the log", Open: openInFull,
		Leave: func(st *State) { st.TakeApart(nil) },
		Hash:  packetHash, Addr: packetAddr, WhyNoHash: always("the selected packet contains no hash"),
	},
	CellList: {
		Name:   "the keyspace of the crawl",
		Rows:   func(*State, *dhtcore.Snapshot) int { return KeyCells },
		Filter: languageOf(cellColumns, siftCells), All: allCells, Passed: passedCells,
		WhyNotOpen: whyNoCells, WhyNoDetails: always(inFull), WhyNoHash: always(noHashHere), WhyNotExport: whyNoCrawl,
	},
	PartList: {
		Rows:        func(*State, *dhtcore.Snapshot) int { return KeyCells },
		WhyNoFilter: "the whole keyspace can be filtered: esc goes back to it",
		Leave:       func(st *State) { st.Parts = nil },
		WhyNotOpen:  always(noDeeper), WhyNoDetails: always(inFull), WhyNoHash: always(noHashHere),
		WhyNotExport: whyNoCrawl,
	},
	LabList: {
		Rows: countLab, WhyNoFilter: filterable,
		WhyNotOpen: whyNotOpenLab, WhyNoDetails: always(inFull),
		Hash: selectedHash, WhyNoHash: whyNoHashes,
		WhyNotExport: always("nothing to export in this pane"),
	},
	NewsList: {
		Rows: countNews, Pins: newsPins, newestFirst: true, WhyNoFilter: filterable,
		Leave: func(st *State) { st.News = false }, Enter: func(st *State) { st.News = true },
		WhyNoDetails: always("enter opens the selected row"),
		Hash:         newsHash,
		Empty:        always("no news yet"), WhyNoHash: always("no news yet: select a hash in pane 1, 2 or 4"),
		WhyNotExport: always("the news cannot be exported: pane 2 can"),
	},
	MethodList: {
		Rows: countMethods, WhyNoFilter: filterable, WhyNoDetails: always(inFull), WhyNotOpen: always(noneToOpen),
		WhyNoHash: always(noHashHere), WhyNotExport: always(""),
	},
	ClientList: {
		Name: "clients",
		Rows: countClients, Pins: clientPins, Filter: languageOf(clientColumns, siftClients), All: countClients,
		WhyNoDetails: always(inFull), WhyNotOpen: always(noneToOpen),
		Empty:     always("nobody has replied to this node or asked it in the last hour"),
		WhyNoHash: always(noHashHere), WhyNotExport: none(countClients, "client"),
	},
	NetworkList: {
		Name: "networks",
		Rows: countNetworks, Pins: networkPins, Filter: languageOf(networkColumns, siftNetworks), All: countNetworks,
		WhyNoDetails: always(inFull), WhyNotOpen: always(noneToOpen),
		Empty:     always("no network of this kind: w shows the next one"),
		WhyNoHash: always(noHashHere), WhyNotExport: none(countNetworks, "network"),
	},
	FigureList: {
		Rows: countFigures, WhyNoFilter: filterable, WhyNoDetails: always(inFull), WhyNotOpen: always(noneToOpen),
		WhyNoHash: always(noHashHere), WhyNotExport: whyNoHistory,
	},
	LogList: {
		Name: "the log",
		Rows: countLog, Pins: logPins, newestFirst: true,
		Filter: languageOf(logColumns, nil), All: allLog,
		WhyNoDetails: always("enter opens what the selected line is about"),
		Hash:         logHash, Node: logNode, Addr: logAddr,
		Empty:     emptyLog,
		WhyNoHash: always("the selected line is about no hash"), WhyNotExport: none(countLog, "event"),
	},
	SwarmList: {
		Name: "the tracker's swarms",
		Rows: countSwarms, Pins: swarmPins, orders: swarmOrders(),
		Filter: languageOf(dhtcore.TrackerColumns, siftSwarms), All: allSwarms, Passed: passedSwarms,
		WhyNotOpen: whyNotOpenSwarm, WhyNoDetails: always("enter opens the selected row"),
		Hash: selectedSwarm, Lookup: lookupOfSwarm,
		Empty: emptySwarms, WhyNoHash: emptySwarms, WhyNotExport: none(countSwarms, "swarm"),
	},
	WatchList: {
		Name: "the watch list",
		Rows: countWatched, Pins: watchPins, orders: watchOrders,
		Filter: languageOf(watchColumns, nil), All: allWatched,
		WhyNotOpen: whyNotOpenWatched, WhyNoDetails: always("z shows all that is known of the selected row"),
		Hash: selectedWatched, Lookup: lookupOfWatched,
		Empty: always(nothingWatched), WhyNoHash: whyNoWatchedHash, WhyNotExport: none(countWatched, "entry"),
	},
	DigestList: {
		Rows: countDigest, WhyNoFilter: filterable, Leave: func(st *State) { st.Digest = nil },
		WhyNoDetails: always("enter opens what the selected line is about"),
		WhyNoHash:    always("no hash is selected here: esc closes the digest"),
		WhyNotExport: always("the digest cannot be exported: pane 8 can"),
	},
	NoList: {
		Rows: func(*State, *dhtcore.Snapshot) int { return 0 }, WhyNoFilter: filterable,
		WhyNotOpen:   always("nothing to open here"),
		WhyNoDetails: always(inFull), WhyNoHash: always(noHashHere),
		WhyNotExport: always("nothing to export in this pane"),
	},
}

// Reasons that several lists give.
const (
	filterable = "only lists can be filtered: 2 to 9 show some"
	noneToOpen = "nothing to open here: z zooms, left and right show the other views"
	noDeeper   = "nothing more to open: esc goes back"
	inFull     = "these are the full details"
	noHashHere = "no hash is selected here: select one in pane 1, 2 or 4"
	noLookups  = "no lookups yet: L starts one"

	nothingWatched = "nothing is watched: W on a hash puts it on the list"
)
