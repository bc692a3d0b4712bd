package api

import (
	"net/http"

	"dhtop/ui/api/metrics"
	"dhtop/ui/attach/protocol"
	"dhtop/views/page"
	"dhtop/views/report"
)

// routes are all paths. A new path is one row here and the function that it names: the index, the OpenAPI document and
// the answers to other methods follow.
func routes() []route {
	return []route{
		{method: "GET", path: "/", about: "this index; in a browser the status page", answer: index, page: livePage, returns: indexDocument{}},
		{method: "GET", path: "/report", about: "the status page of this moment, to be saved or sent", answer: still, media: "text/html"},
		{method: "GET", path: page.Stream, about: "the contents of the status page, once a second, as server-sent events",
			answer: pageStream, media: "text/event-stream", live: true},
		{method: "GET", path: "/healthz", about: "is dhtop alive, and are there problems? always 200; see status",
			answer: reading(healthz), returns: health{}},
		{method: "GET", path: "/readyz", about: "has dhtop joined the network, or failed to? 503 until then",
			answer: reading(readyz), returns: readiness{}},
		{method: "GET", path: "/metrics", about: "all figures for Prometheus", answer: showMetrics, media: metrics.Media},
		{method: "GET", path: "/openapi.json", about: "this API as an OpenAPI 3.1 document", answer: openAPI, returns: map[string]any{}},

		{method: "GET", path: "/api/v1/stats", about: "how the node fares: identities, traffic, crawl, totals",
			answer: reading(stats), returns: report.Stats{}},
		{method: "GET", path: "/api/v1/doctor", about: "why is it quiet here? one check a line, with a remedy",
			answer: reading(doctor), returns: report.Doctor{}},
		{method: "GET", path: "/api/v1/table", about: "the routing tables, bucket by bucket",
			answer: reading(tables), returns: []report.Table{}},
		{method: "GET", path: "/api/v1/nodes", about: "the nodes in the routing tables, far to near",
			answer: nodes, params: nodesParams(), returns: []report.Node{}},

		{method: "GET", path: "/api/v1/hashes", about: "the ranking of the info_hashes",
			answer: hashes, params: hashesParams(), returns: report.HashPage{}},
		{method: "GET", path: "/api/v1/hashes/{info_hash}", about: "all that is known of one info_hash",
			answer: hash, params: []param{infoHash("in every form that people paste")}, returns: report.HashDetail{}},
		{method: "GET", path: "/api/v1/hashes/{info_hash}/peers", about: "the peers of one info_hash",
			answer: hashPeers, params: []param{infoHash("in every form that people paste")}, returns: report.Swarm{}},
		{method: "GET", path: "/api/v1/export", about: "the ranking as a file", answer: export, params: exportParams(), media: "text/csv"},
		{method: "GET", path: "/api/v1/events", about: "what happens, as server-sent events; says what it had to drop",
			answer: events, params: eventsParams(), media: "text/event-stream", live: true},
		{method: "GET", path: protocol.Path, about: "the stream of an attached screen, as a WebSocket: dhtop attach", answer: attach, media: "application/cbor",
			status: http.StatusSwitchingProtocols, live: true},

		{method: "GET", path: "/api/v1/lookups", about: "the lookups that run or have run lately, the newest first",
			answer: lookups, params: lookupsParams(), returns: []report.LookupRun{}},
		{method: "GET", path: "/api/v1/trackers", about: "what the trackers of hashes said when they were asked last",
			answer: trackers, params: []param{infoHash("of this hash alone")}, returns: []report.TrackerCheck{}},
		{method: "GET", path: "/api/v1/watch", about: "the watch list, and its alerts", answer: watchList, returns: report.WatchList{}},

		{method: "POST", path: "/api/v1/lookups", about: "look up the peers of a torrent",
			answer: startLookup, takes: hashCommand{}, status: http.StatusAccepted, returns: started{}, waits: []report.LookupRun{}},
		{method: "POST", path: "/api/v1/names", about: "fetch the name and the files of a torrent from its peers",
			answer: fetchName, takes: hashCommand{}, status: http.StatusAccepted, returns: started{}, waits: report.NamedHash{}},
		{method: "POST", path: "/api/v1/trackers", about: "ask the trackers of a torrent for the counts of its swarm",
			answer: scrapeTrackers, takes: scrapeCommand{}, status: http.StatusAccepted, returns: started{}},
		{method: "POST", path: "/api/v1/announce", about: "announce a peer at this address; answers when that is done",
			answer: announce, takes: announceCommand{}, returns: report.Announce{}},
		{method: "POST", path: "/api/v1/get", about: "fetch an item (BEP 44); answers when that is done", answer: getItem, takes: getCommand{}, returns: report.Get{}},
		{method: "POST", path: "/api/v1/put", about: "store an item (BEP 44); answers when that is done", answer: putItem, takes: putCommand{}, returns: report.Put{}},
		{method: "POST", path: "/api/v1/ping", about: "ping a node; answers when that is done", answer: ping, takes: pingCommand{}, returns: report.Pings{}},
		{method: "POST", path: "/api/v1/crawl", about: "start or stop the crawl", answer: setCrawl, takes: crawlCommand{}, returns: crawlCommand{}},
		{method: "POST", path: "/api/v1/rates", about: "change the limits of this run", answer: setRates, takes: rates{}, returns: report.Limits{}},
		{method: "POST", path: "/api/v1/watch", about: "put a torrent or a mutable item on the watch list, or change what is known of it",
			answer: addWatch, takes: watchCommand{}, returns: watched{}, owner: true},
		{method: "DELETE", path: "/api/v1/watch/{target}", about: "take an entry off the watch list",
			answer: removeWatch, params: []param{watchTarget()}, returns: message{}, owner: true},

		{method: "POST", path: "/add_torrent_info", about: "tell the tracker of a torrent: a JSON document, or the content of a .torrent file",
			answer: addTorrentInfo, takes: torrentInfo{}, file: "application/x-bittorrent", returns: addedTorrent{}, maxBody: maxTorrentFile},
		{method: "GET", path: "/stats", about: "the tracker's state and its torrents; a page for a browser",
			answer: trackerStats, page: trackerPage, id: "get_tracker_stats", params: trackerStatsParams(), returns: report.TrackerDocument{}},
		{method: "POST", path: "/save_state", about: "save the routing tables, the crawl and the tracker's swarms now",
			answer: saveState, returns: message{}},
		{method: "POST", path: "/shutdown", about: "end dhtop serve, with everything saved", answer: shutdown, returns: message{}},
	}
}

// found is the answer with a document of the moment.
func found(document any) (int, any) { return http.StatusOK, document }
