package table

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
)

// DrawNoNodes says why the table is empty.
func DrawNoNodes(a canvas.Area, s *dhtcore.Snapshot) {
	switch {
	case s.Outage.Kind != dhtcore.NoOutage:
		a.Teach(s.Outage.Sentence() + " The node keeps trying.")
		return
	case s.Phase == dhtcore.Offline:
		a.Teach("No node answers. The network may be down, or block UDP; the node keeps trying.")
		return
	}
	a.Teach("No nodes yet. A node enters the table only by answering a query of ours; joining takes some seconds.",
		"Good: it answered within 15 minutes. Questionable: it is due for a ping. Bad: it missed two in a row.")
}

// drawEmptyBucket says why no node is listed.
func drawEmptyBucket(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	switch {
	case st.FiltersAll(screen.NodeList):
		a.Teach("No node passes the filter. / changes it, esc clears it.")
		return
	case st.Bucket == nil:
		DrawNoNodes(a, s)
		return
	}
	a.Teach("No nodes here. The closer to us, the fewer there are: half of the network shares no bit with our ID, "+
		"one node in 2^"+
		strconv.Itoa(st.Bucket.Index+1)+" shares exactly "+strconv.Itoa(st.Bucket.Index)+".", "[ and ] go to other buckets, b shows all.")
}
