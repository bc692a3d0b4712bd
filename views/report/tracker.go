package report

import (
	"fmt"
	"io"
	"net/netip"

	"dhtop/dhtcore"
)

// TrackerSwarm is a swarm of our tracker; its fields, in this order, are the columns of CSV as well.
type TrackerSwarm struct {
	Rank      int        `json:"rank"`
	InfoHash  dhtcore.ID `json:"info_hash"`
	Name      *string    `json:"name"`
	Seeders   int        `json:"seeders"`
	Leechers  int        `json:"leechers"`
	Partial   int        `json:"partial"`   // of the leechers, those that have all that they want (BEP 21)
	Completed int        `json:"completed"` // downloads that have ended here
	PerMinute float64    `json:"announces_per_minute"`
	Bridged   int        `json:"bridged"` // peers of the DHT that the bridge offers besides
}

// NewTrackerSwarms returns the JSON form of swarms, never nil.
func NewTrackerSwarms(rows []dhtcore.SwarmRow) []TrackerSwarm {
	all := make([]TrackerSwarm, len(rows))
	for i := range rows {
		r := &rows[i]
		all[i] = TrackerSwarm{r.Rank, r.InfoHash, nullable(r.Name), r.Seeders, r.Leechers, r.Partial, r.Completed, hundredths(r.Rate * 60), r.Bridged}
	}
	return all
}

// hundredths rounds to two digits after the point.
func hundredths(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

var trackerSwarmList = list[TrackerSwarm]{
	header: "rank,info_hash,name,seeders,leechers,partial,completed,announces_per_minute,bridged",
	csv: func(dst []byte, s *TrackerSwarm) []byte {
		dst = fmt.Appendf(dst, "%d,%s,", s.Rank, s.InfoHash)
		dst = appendField(dst, orNone(s.Name))
		return fmt.Appendf(dst, ",%d,%d,%d,%d,%g,%d", s.Seeders, s.Leechers, s.Partial, s.Completed, s.PerMinute, s.Bridged)
	},
	plain: func(dst []byte, s *TrackerSwarm) []byte {
		dst = fmt.Appendf(dst, "%3d. %s  (%s, %s, completed %d, %g announces a minute)", s.Rank, s.InfoHash, count(s.Seeders, "seeder"),
			count(s.Leechers, "leecher"), s.Completed, s.PerMinute)
		if s.Name != nil {
			dst = append(append(dst, "  "...), *s.Name...)
		}
		return dst
	},
}

// WriteTrackerSwarms writes swarms in the format f, which is not Magnet.
func WriteTrackerSwarms(w io.Writer, f Format, rows []TrackerSwarm) error {
	return trackerSwarmList.write(w, f, rows)
}

// TrackerStats is what our tracker holds and did since it started.
type TrackerStats struct {
	Swarms   int `json:"swarms"`
	Unseeded int `json:"unseeded_swarms"` // without a seeder, as of the last ranking
	Peers    int `json:"peers"`
	Seeders  int `json:"seeders"` // these three as of the last ranking, some seconds ago at most
	Leechers int `json:"leechers"`
	Partial  int `json:"partial"`

	Rate       float64 `json:"announces_per_second"` // over about the last minute
	MaxRate    float64 `json:"max_announces_per_second"`
	IntervalMS int64   `json:"interval_ms"` // that announces are told

	HTTP        *TrackerTransport `json:"http"` // null where it does not listen
	UDP         *TrackerTransport `json:"udp"`
	Connections int               `json:"http_connections"` // open now

	Started   uint64 `json:"started"` // announces with such events
	Completed uint64 `json:"completed"`
	Stopped   uint64 `json:"stopped"`

	Errors  []TrackerError  `json:"errors"`
	Clients []TrackerClient `json:"clients"`

	Ignored          uint64       `json:"ignored"` // datagrams that got no answer
	BadConnectionIDs uint64       `json:"bad_connection_ids"`
	Banned           int          `json:"banned"` // sources
	Bans             []TrackerBan `json:"bans"`

	Saved *timestamp `json:"saved"` // when the swarms were last written to the data directory; null for never

	Deserted int            `json:"deserted_swarms"` // without peers, kept for their completed counts
	Bridge   *TrackerBridge `json:"bridge"`          // null where it is off
}

// TrackerBridge is what the bridge offers of the DHT, and did so far. Its peers are not among the others.
type TrackerBridge struct {
	Swarms  int    `json:"swarms"`
	Peers   int    `json:"peers"`
	Lookups uint64 `json:"lookups"` // in the DHT
	Told    uint64 `json:"told"`    // peers in replies
}

// TrackerTransport is what came over HTTP or UDP.
type TrackerTransport struct {
	Listen    []string `json:"listen"` // announce URLs
	Connects  uint64   `json:"connects"`
	Announces uint64   `json:"announces"`
	Scrapes   uint64   `json:"scrapes"`
	Refused   uint64   `json:"refused"`
}

// TrackerError is how many requests were refused for a reason.
type TrackerError struct {
	Reason string `json:"reason"`
	HTTP   uint64 `json:"http"`
	UDP    uint64 `json:"udp"`
}

// TrackerClient is how many announces came from a kind of client, by its peer IDs (BEP 20).
type TrackerClient struct {
	Client    string `json:"client"`
	Announces uint64 `json:"announces"`
}

// TrackerBan is a source whose datagrams get no answer, as it sends bad connection IDs.
type TrackerBan struct {
	Addr  string    `json:"addr"`
	Bad   int       `json:"bad_connection_ids"`
	Until timestamp `json:"until"`
}

// NewTrackerStats returns the JSON form of the state of our tracker; nil for none.
func NewTrackerStats(t *dhtcore.Tracker, o Options) *TrackerStats {
	if t == nil {
		return nil
	}
	totals := &t.Ranking.Totals
	out := &TrackerStats{Swarms: t.Swarms, Unseeded: totals.Unseeded, Peers: t.Peers, Seeders: totals.Seeders, Leechers: totals.Leechers,
		Partial: totals.Partial, Rate: hundredths(t.Rate), MaxRate: t.MaxRate, IntervalMS: millis(t.Interval), Connections: t.Connections,
		Started: t.Started, Completed: t.Completed, Stopped: t.Stopped,
		Errors: []TrackerError{}, Clients: []TrackerClient{}, Ignored: t.Ignored, BadConnectionIDs: t.BadIDs, Banned: t.Banned, Bans: []TrackerBan{}}
	if t.HTTP.IsValid() {
		out.HTTP = &TrackerTransport{Listen: trackerURLs(o, "http", t.HTTP), Announces: t.AnnouncesHTTP, Scrapes: t.ScrapesHTTP}
	}
	if len(t.UDP) > 0 {
		out.UDP = &TrackerTransport{Listen: trackerURLs(o, "udp", t.UDP...), Connects: t.Connects, Announces: t.AnnouncesUDP, Scrapes: t.ScrapesUDP}
	}
	for i := range t.RefusedHTTP {
		overHTTP, overUDP := t.RefusedHTTP[i], t.RefusedUDP[i]
		if out.HTTP != nil {
			out.HTTP.Refused += overHTTP
		}
		if out.UDP != nil {
			out.UDP.Refused += overUDP
		}
		if overHTTP+overUDP > 0 {
			out.Errors = append(out.Errors, TrackerError{dhtcore.TrackerReason(i).String(), overHTTP, overUDP})
		}
	}
	for _, c := range t.Clients {
		out.Clients = append(out.Clients, TrackerClient{c.Name, c.Announces})
	}
	for _, b := range t.Bans {
		out.Bans = append(out.Bans, TrackerBan{string(o.appendHost(nil, b.Host)), b.Bad, timestamp(b.Until)})
	}
	out.Deserted = t.Deserted
	if b := t.Bridge; b != nil {
		out.Bridge = &TrackerBridge{b.Swarms, b.Peers, b.Lookups, b.Told}
	}
	if !t.Saved.IsZero() {
		saved := timestamp(t.Saved)
		out.Saved = &saved
	}
	return out
}

// trackerURLs are the announce URLs of listeners.
func trackerURLs(o Options, scheme string, addrs ...netip.AddrPort) (urls []string) {
	for _, addr := range addrs {
		urls = append(urls, scheme+"://"+o.addr(addr)+"/announce")
	}
	return urls
}
