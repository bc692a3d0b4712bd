package views

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
)

// drawNoHashes says why the ranking is empty, and how long that is normal.
func drawNoHashes(a canvas.Area, s *dhtcore.Snapshot) {
	switch {
	case s.Demo:
		a.Teach("No requests have reached this node yet. The embedded network starts asking within seconds.")
	case s.Phase != dhtcore.Serving:
		a.Teach("No requests yet: nobody knows this node before it has joined.",
			"Requests come a few minutes after that. To look up a hash of your own, press L.")
	case s.At.Sub(s.Started) > dhtcore.FirstRequest:
		a.Teach("No requests in "+strconv.Itoa(int(s.At.Sub(s.Started)/time.Minute))+" minutes. "+
			"That usually means that UDP port "+port(s)+" is closed: forward it in the router and open it in the firewall.",
			"Meanwhile c starts a crawl, which works from behind closed ports too.")
	default:
		a.Teach("No requests have reached this node yet. Others learn of a new node within a few minutes; "+
			"1-5 requests a minute after ten minutes is normal.",
			"Nothing after twenty usually means that UDP port "+port(s)+" is closed.",
			"Meanwhile c starts a crawl, and L looks up a hash of your own.")
	}
}

func drawNoNodes(a canvas.Area, s *dhtcore.Snapshot) {
	if s.Phase == dhtcore.Offline {
		a.Teach("Nobody answers. UDP may be blocked on this network, or it is down; the node tries again by itself.")
		return
	}
	a.Teach("No nodes yet. A node enters the table only by answering a query of ours; joining takes some seconds.",
		"Good: it answered within 15 minutes. Doubtful: it is due for a ping. Bad: it missed two in a row.")
}

func drawNoLookups(a canvas.Area, st *screen.State) {
	if st.FiltersAll(screen.LookupList) {
		a.Teach("No lookup passes the filter. / changes it, esc lifts it.")
		return
	}
	a.Teach("No lookups yet. A lookup asks the nodes closest to a hash for closer ones, until none are closer; "+
		"the last ones know the peers.",
		"l looks up the selected hash, L asks for a hash or a magnet link. Under a second is normal.")
}

// drawNoCrawl says what a crawl does, and what it does not do to others.
func drawNoCrawl(a canvas.Area, s *dhtcore.Snapshot) {
	pace := "as fast as it can: no limit is set"
	if l := s.Traffic.Limits; l.Packets > 0 {
		pace = "within " + human.Rounded(l.Packets) + " packets/s"
		if l.New > 0 {
			pace += " and " + human.Rounded(l.New) + " new destinations a minute"
		}
		pace += " (+ and - change that)"
	}
	a.Teach("The crawl is off: c starts it.",
		"It asks all nodes it is told of, along the keyspace, which hashes they store (BEP 51), each once per the interval that the node states, "+pace+".",
		"That finds hashes that nobody asked this node for, counts the network on the way, and works from behind closed ports. "+
			"c stops it again; it keeps its place, and remembers whom it may not ask yet.")
}

func drawNoTracker(a canvas.Area, _ *dhtcore.Snapshot, _ *screen.State) {
	a.Heading("tracker", "off").Teach("No tracker runs: this version has none of its own.",
		"A tracker is the older way to find peers: clients tell one server, over HTTP (BEP 3) or UDP (BEP 15), what they share, and are told who else does. "+
			"The DHT spreads the same list over its nodes: this one keeps the peers of hashes that are close to its ID.")
}

func drawNoEvents(a canvas.Area) {
	a.Teach("Nothing has happened yet. Requests, announces, samples and lookups appear here as they come.")
}

// port is where this node listens, as far as that is known.
func port(s *dhtcore.Snapshot) string { return strconv.Itoa(int(s.Port())) }
