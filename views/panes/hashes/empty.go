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
		a.Teach("No requests yet: other nodes learn of this one once it has joined.",
			"Requests come a few minutes after that. To look up a hash of your own, press L.")
	case s.At.Sub(s.Started) > dhtcore.FirstRequest:
		a.Teach("No requests in "+strconv.Itoa(int(s.At.Sub(s.Started)/time.Minute))+" minutes. "+
			"That usually means that UDP port "+port(s)+" is closed: forward it in the router and open it in "+
			"the firewall.",
			"Meanwhile c starts a crawl, which works behind closed ports too.")
	default:
		a.Teach("No requests have reached this node yet. Others learn of a new node within a few minutes; "+
			"1 to 5 requests a minute after ten minutes are normal.",
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
		a.Teach("No hash passes the filter. / changes it, esc clears it.")
	case len(s.Hashes.Top) == 0:
		drawNoHashes(a, s)
	case st.Alike:
		a.Teach("No look-alikes: no two of the hashes seen share their first 10 and last 5 digits.",
			"That is normal. Two that do are still two torrents, and a sign of tampering or of a typo. R lists all "+
				"hashes again.")
	default:
		a.Teach("No requests in this period. w selects a longer one.")
	}
}
