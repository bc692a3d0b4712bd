package hashes

import (
	"dhtop/dhtcore"
	"dhtop/views/screen"
)

// muchMore is how many times as many peers are more than chance and the error of the estimate explain.
const muchMore = 1.6

// difference explains in a sentence or two why the DHT and the trackers do not count the same.
func difference(s *dhtcore.Snapshot, rows []trackerRow, h *dhtcore.HashRow) string {
	dht, tracker, who := counted(rows)
	looked := screen.LookupOf(s, h.InfoHash) >= 0
	switch {
	case tracker < 0:
		return "A tracker counts who announces to it, the DHT who announces to its nodes. " +
			"Most clients do both: a peer may be in each count, and in none."
	case dht <= 0 && !looked:
		return "The DHT has not been asked for this swarm: l looks it up."
	case dht <= 0 && tracker == 0:
		return "Neither the DHT nor a tracker has a peer of it now."
	case dht <= 0:
		return "Its peers announce to " + who + " and not to the DHT: those of a private torrent (BEP 27) must not, and some clients have the DHT off."
	case tracker == 0:
		return "Nobody announces it to " + who + ": the torrent names other trackers or none, and the DHT brings its peers together."
	case float64(dht) > muchMore*float64(tracker):
		return "More announce it in the DHT than to " + who + ": many have it from a link without that tracker. Nodes of the DHT also keep a " +
			"peer for half an hour after it has left."
	case float64(tracker) > muchMore*float64(dht):
		return "More announce it to " + who + " than in the DHT: some clients have the DHT off, or cannot be reached there. The estimate is of the last lookup, and rough."
	}
	return "Both count about the same: most clients announce to the DHT and to " + who + "."
}

// counted returns the peers that the DHT and the trackers count, the tracker with the most, and what that is called; -1
// for unknown. Of the DHT the estimate counts, or else what was found.
func counted(rows []trackerRow) (dht, tracker int64, who string) {
	dht, tracker = -1, -1
	for i := range rows {
		r := &rows[i]
		n := r.peers()
		switch {
		case r.name == theDHT || r.name == inTheDHT && dht < 0:
			dht = n
		case r.name == inTheDHT:
		case n > tracker:
			tracker, who = n, "the trackers"
			if r.name == ourTracker {
				who = ourTracker
			}
		}
	}
	return dht, tracker, who
}
