package report

import (
	"dhtop/dhtcore"
)

// Stats is the document of /api/v1/stats: how the node fares, without lists.
type Stats struct {
	At          timestamp     `json:"at"`
	Started     timestamp     `json:"started"`
	UptimeMS    int64         `json:"uptime_ms"`
	Demo        bool          `json:"demo"`
	Phase       string        `json:"phase"`   // joining, serving or offline
	Weather     string        `json:"weather"` // calm, quiet, busy, deaf or poisoned; "" before it has joined
	Outage      *string       `json:"outage"`  // why the network is out of reach; null where it is not
	Notices     []string      `json:"notices"` // what is wrong, the most important first, each with a remedy
	Identities  []Vantage     `json:"identities"`
	PortMap     *PortMap      `json:"port_map"` // what the router forwards; null where nothing is to be mapped
	NetworkSize NetworkSize   `json:"network_size"`
	Hashes      HashTotals    `json:"hashes"`
	Held        Held          `json:"held"`
	Traffic     Traffic       `json:"traffic"`
	Crawl       CrawlState    `json:"crawl"`
	Lookups     int           `json:"lookups_running"`
	Store       *Store        `json:"store"`   // null without one
	Tracker     *TrackerStats `json:"tracker"` // null without one
}

// Vantage is one identity of ours and the counts of its routing table.
type Vantage struct {
	ID           *dhtcore.ID `json:"id"` // null while addresses are hidden
	Addr         string      `json:"addr"`
	External     *string     `json:"external"` // as others see it; null while unknown
	Mapped       *string     `json:"mapped"`   // from where the router forwards to it; null for nowhere
	Family       string      `json:"family"`   // IPv4 or IPv6
	Mode         string      `json:"mode"`     // serving, proving or read-only
	Good         int         `json:"good"`     // nodes in the buckets, by state
	Questionable int         `json:"questionable"`
	Bad          int         `json:"bad"`
	Replacements int         `json:"replacements"`
}

// HashTotals are the distinct info_hashes and what was seen of them.
type HashTotals struct {
	Seen        int    `json:"seen"`
	Requests    uint64 `json:"requests"`
	Announces   uint64 `json:"announces"`
	Samples     uint64 `json:"samples"`
	Maintenance uint64 `json:"maintenance"`
	InMemory    int    `json:"in_memory"`
	Max         int    `json:"max"`     // in memory; 0 for no limit
	Tracked     uint64 `json:"tracked"` // announces that our own tracker took in
}

// Held is what this node keeps for others.
type Held struct {
	Swarms int `json:"swarms"`
	Peers  int `json:"peers"`
	Items  int `json:"items"` // some seconds old
}

// Store is the durable store.
type Store struct {
	Bytes     int64  `json:"bytes"`
	KeepBytes int64  `json:"keep_bytes"` // 0 for no limit
	KeepMS    int64  `json:"keep_ms"`    // 0 for no limit
	Deleted   uint64 `json:"hashes_deleted"`
}

// CrawlState is how the crawl stands.
type CrawlState struct {
	Running            bool    `json:"running"`
	Sweep              int     `json:"sweep"` // from 1; 0 before the first
	Swept              float64 `json:"swept"` // share of the keyspace, 0-1
	ETAMS              int64   `json:"eta_ms"`
	Resting            bool    `json:"resting"`
	NodesAsked         int     `json:"nodes_asked"`
	NodesSpeaking      int     `json:"nodes_speaking"`
	Queries            uint64  `json:"queries"`
	Replies            uint64  `json:"replies"`
	Hashes             uint64  `json:"hashes"`
	New                uint64  `json:"new"`
	NewPerSecond       float64 `json:"new_per_second"`
	IntervalViolations uint64  `json:"interval_violations"`
}

// NewStats returns the JSON form of a Snapshot without its lists.
func NewStats(s *dhtcore.Snapshot, o Options) Stats {
	out := Stats{At: timestamp(s.At), Started: timestamp(s.Started), UptimeMS: millis(s.At.Sub(s.Started)), Demo: s.Demo,
		Phase: s.Phase.String(), Weather: dhtcore.WeatherOf(s).String(), Notices: []string{}, Identities: []Vantage{},
		NetworkSize: networkSize(s), Traffic: newTraffic(s), Crawl: newCrawlState(&s.Crawl),
		Hashes: HashTotals{Seen: s.Hashes.Seen, Requests: s.Hashes.Requests, Announces: s.Hashes.Announces, Samples: s.Hashes.Samples,
			Maintenance: s.Hashes.Maintenance, InMemory: s.Bounds.Hashes, Max: s.Bounds.MaxHashes, Tracked: s.Hashes.Tracked},
		Held: Held{Swarms: s.Swarms, Peers: s.Peers, Items: s.Tally.Kept.Items.Items}}
	if reason := s.Outage.Reason(); reason != "" {
		out.Outage = nullable(o.Text(reason))
	}
	for _, notice := range s.Notices {
		out.Notices = append(out.Notices, o.Text(notice))
	}
	for i := range s.Nodes {
		out.Identities = append(out.Identities, newVantage(&s.Nodes[i], o))
	}
	for i := range s.Lookups {
		if !s.Lookups[i].Done {
			out.Lookups++
		}
	}
	out.PortMap = newPortMap(&s.PortMap, o)
	out.Tracker = NewTrackerStats(s.Tracker, o)
	if b := &s.Bounds; b.Stored {
		out.Store = &Store{b.StoreBytes, b.Keep.Bytes, b.Keep.Age.Milliseconds(), b.Deleted}
	}
	return out
}

func newVantage(v *dhtcore.Vantage, o Options) Vantage {
	out := Vantage{Addr: o.addr(v.Addr), Family: v.Family.String(), Mode: v.Mode.String(),
		Good: v.Good, Questionable: v.Questionable, Bad: v.Bad, Replacements: v.Replacements}
	if o.Masking() == nil {
		out.ID = &v.ID
	}
	if v.External.IsValid() {
		out.External = nullable(o.addr(v.External))
	}
	if v.Mapped.IsValid() {
		out.Mapped = nullable(o.addr(v.Mapped))
	}
	return out
}

func newCrawlState(c *dhtcore.CrawlStats) CrawlState {
	return CrawlState{Running: c.Running, Sweep: c.Sweep, Swept: c.Swept, ETAMS: millis(c.ETA), Resting: c.Resting,
		NodesAsked: c.NodesAsked, NodesSpeaking: c.NodesSpeaking, Queries: c.Queries, Replies: c.Replies, Hashes: c.Hashes, New: c.New,
		NewPerSecond: c.Rate, IntervalViolations: c.IntervalViolations}
}
