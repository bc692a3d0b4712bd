package ledger

import "time"

// HashRow is the account of one info_hash.
type HashRow struct {
	Rank        int // from 1, in the requested ranking; 0 outside one
	InfoHash    [20]byte
	Name        string // printable; "" while unknown
	Requests    uint64 // get_peers received, those of one source within RepeatWithin as one
	RawRequests uint64 // get_peers received, repeats included; never less than Requests
	Maintenance uint64 // get_peers that look like maintenance and count nowhere else, while nothing shows that the hash is real
	Announces   uint64 // announce_peer accepted
	Samples     uint64 // BEP 51 replies that held it
	Tracked     uint64 // announces that our own tracker took in
	Sources     int    // distinct source IPs of requests and announces
	Peers       int    // distinct peers announced to us or found by lookups

	Seeds         int // by the BEP 33 filters of the last lookup; 0 while unknown
	PeersEstimate int // downloaders by the same filters; 0 while unknown

	FirstSeen time.Time // to the millisecond, as is LastSeen
	LastSeen  time.Time
	Vantages  uint16 // bit i is set if vantage i saw it
	Unproven  bool   // all sightings of this run are of SeeUnproven

	Rate    float64          // requests/s now, decaying with a half-life of RateHalfLife
	Minutes uint64           // requests in the last five minutes: see FiveMinutes
	Hour    uint64           // requests in the last hour: see LastHour
	Trend   [TrendLen]uint32 // requests in each of the last TrendLen slots of TrendSlot, oldest first

	Related int // other hashes that look like it, see Alike; in Top some seconds old

	// Sketch is the HyperLogLog of the sources in the binary form of axiomhq/hyperloglog, to be stored and merged
	// with those of other crawlers. Only rows of Changes have it, if the sources grew since the last one (by one in
	// a hundred at least, once it takes 16 KiB).
	Sketch string
}

// OnlyMaintenance reports whether nothing was seen of the hash but requests that look like maintenance.
func (r *HashRow) OnlyMaintenance() bool {
	return r.Maintenance > 0 && r.Requests+r.Announces+r.Samples+r.Tracked == 0 && r.Peers == 0 && r.Name == ""
}

// OnlyTracked reports whether nothing shows that anybody but our tracker knows the hash: it may be that of a private torrent
// (BEP 27), which the DHT is not to be asked about.
func (r *HashRow) OnlyTracked() bool {
	return r.Tracked > 0 && r.Requests+r.RawRequests+r.Maintenance+r.Announces+r.Samples == 0 && r.Peers == 0
}

// A row's trend covers TrendLen slots of TrendSlot each: enough for a sparkline of five cells.
const (
	TrendLen  = 5
	TrendSlot = 10 * time.Second
)

const (
	// RepeatWithin is how long the requests of a source for one hash count as one: clients repeat a lookup within
	// seconds, and a single noisy client must not make a hash look popular.
	RepeatWithin = time.Minute
	// RateHalfLife is the time after which a request counts half in the Rate of a row. After five minutes, when it
	// would count a thirtieth, it is dropped.
	RateHalfLife = time.Minute
)
