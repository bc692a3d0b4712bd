package panes

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
)

// DrawTracker says that no tracker is running.
func DrawTracker(a canvas.Area, _ *dhtcore.Snapshot, _ *screen.State) {
	a.Heading("tracker", "off").Teach("No tracker is running here: dhtop serve runs one with --tracker-http and --tracker-udp.",
		"A tracker is the older way to find peers: clients tell one server, over HTTP (BEP 3) or UDP (BEP 15), what "+
			"they share, and learn who else shares it. "+
			"The DHT spreads the same list over its nodes: this one keeps the peers of hashes that are "+
			"close to its ID.")
}
