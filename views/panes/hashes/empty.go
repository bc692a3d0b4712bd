package hashes

import (
	"strconv"
	"time"

	"dhtop/dhtcore"
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

// port is where this node listens, as far as that is known.
func port(s *dhtcore.Snapshot) string { return strconv.Itoa(int(s.Port())) }

// drawNoRanking says why nothing is listed.
func drawNoRanking(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.Filter.By != "" && st.Focus() == screen.HashList && s.Hashes.Seen > 0:
		a.Teach("No hash that is listed passes the filter. / changes it, esc lifts it.")
	case len(s.Hashes.Top) == 0:
		drawNoHashes(a, s)
	case st.Alike:
		a.Teach("No hash looks like another: none of those seen have the first 10 and the last 5 digits in common.",
			"That is as it should be. Two that do are still two torrents, and a sign of tampering or of a typo. R shows all hashes again.")
	default:
		a.Teach("No hash was asked for in this time. w counts the requests of a longer one.")
	}
}
