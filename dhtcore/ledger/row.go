package ledger

import "time"

// Row is the account of one info_hash.
type Row struct {
	Rank      int // from 1, by requests
	InfoHash  [20]byte
	Name      string    // printable; "" while unknown
	Requests  uint64    // get_peers received
	Announces uint64    // announce_peer accepted
	Samples   uint64    // BEP 51 replies that held it
	Sources   int       // distinct source IPs of requests and announces
	Peers     int       // distinct peers announced to us or found by lookups
	FirstSeen time.Time // to the millisecond, as is LastSeen
	LastSeen  time.Time
	Trend     [TrendLen]uint32 // requests in each of the last TrendLen slots of TrendSlot, oldest first
}

// A row's trend covers TrendLen slots of TrendSlot each: enough for a sparkline of five cells.
const (
	TrendLen  = 5
	TrendSlot = 10 * time.Second
)
