package ledger

import "time"

// HashRow is the account of one info_hash.
type HashRow struct {
	Rank        int // from 1, in the ranking that was asked for; 0 outside one
	InfoHash    [20]byte
	Name        string // printable; "" while unknown
	Requests    uint64 // get_peers received, those of one source within RepeatWithin as one
	RawRequests uint64 // get_peers received, repeats included; never less than Requests
	Announces   uint64 // announce_peer accepted
	Samples     uint64 // BEP 51 replies that held it
	Sources     int    // distinct source IPs of requests and announces
	Peers       int    // distinct peers announced to us or found by lookups

	Seeds         int // by the BEP 33 filters of the last lookup; 0 while unknown
	PeersEstimate int // downloaders by the same filters; 0 while unknown

	FirstSeen time.Time // to the millisecond, as is LastSeen
	LastSeen  time.Time
	Vantages  uint16 // bit i is set if vantage i saw it

	Rate    float64          // requests/s now, decaying with a half-life of RateHalfLife
	Minutes uint64           // requests in the last five minutes: see FiveMinutes
	Hour    uint64           // requests in the last hour: see LastHour
	Trend   [TrendLen]uint32 // requests in each of the last TrendLen slots of TrendSlot, oldest first

	Related int // other hashes that look like it: see Alike. In Top it is some seconds old

	// Sketch is the HyperLogLog of the sources in the binary form of axiomhq/hyperloglog, to be stored and
	// merged with those of other crawlers. Only rows of Changes have it, and of those the ones whose
	// sources grew since they last had it (by a hundredth at least, once it is 16 KiB).
	Sketch string
}

// A row's trend covers TrendLen slots of TrendSlot each: enough for a sparkline of five cells.
const (
	TrendLen  = 5
	TrendSlot = 10 * time.Second
)

const (
	// RepeatWithin is how long a source's requests for one hash count as one: clients that repeat a lookup
	// do so within seconds, and one noisy client is not to make a hash hot.
	RepeatWithin = time.Minute
	// RateHalfLife is after how long a request counts half in a row's Rate. After five minutes, when it
	// would count a thirtieth, it does not count any more.
	RateHalfLife = time.Minute
)
