package report

import (
	"fmt"
	"io"
	"math"
	"net/netip"
	"time"

	"dhtop/dhtcore"
)

// CrawlSummary is the document of "crawl --json".
type CrawlSummary struct {
	Kind               string      `json:"kind,omitempty"` // KindSummary in the stream of --ndjson
	Started            timestamp   `json:"started"`
	ElapsedMS          int64       `json:"elapsed_ms"`
	Hashes             int         `json:"hashes"` // distinct
	Requests           uint64      `json:"requests"`
	Announces          uint64      `json:"announces"`
	Samples            uint64      `json:"samples"`
	Maintenance        uint64      `json:"maintenance"`   // requests that look like the maintenance of routing tables, not among requests
	NodesSeen          int         `json:"nodes_seen"`    // distinct nodes asked or in the routing table
	NodesReplied       int         `json:"nodes_replied"` // of them, those that ever answered
	PacketsOut         uint64      `json:"packets_out"`
	PacketsIn          uint64      `json:"packets_in"`
	IntervalViolations uint64      `json:"interval_violations"`
	Hashes1000         float64     `json:"hashes_per_1000_packets"` // distinct hashes a thousand packets sent
	NetworkSize        NetworkSize `json:"network_size"`            // that answers; nulls until it is known
	Top                []Hash      `json:"top"`
	Tracked            uint64      `json:"tracked"` // announces that our own tracker took in
}

// NetworkSize is an estimate of how many nodes the DHT has, with its confidence interval.
type NetworkSize struct {
	Estimate *int `json:"estimate"`
	Low      *int `json:"low"`
	High     *int `json:"high"`
}

// NewCrawlSummary sums a Snapshot up, with the first top rows of its ranking.
func NewCrawlSummary(s *dhtcore.Snapshot, top int) CrawlSummary {
	c := CrawlSummary{
		Started:            timestamp(s.Started),
		ElapsedMS:          millis(s.At.Sub(s.Started)),
		Hashes:             s.Hashes.Seen,
		Requests:           s.Hashes.Requests,
		Announces:          s.Hashes.Announces,
		Samples:            s.Hashes.Samples,
		Maintenance:        s.Hashes.Maintenance,
		PacketsOut:         s.Traffic.PacketsOut,
		PacketsIn:          s.Traffic.PacketsIn,
		IntervalViolations: s.Crawl.IntervalViolations,
		NetworkSize:        networkSize(s),
		Top:                []Hash{},
		Tracked:            s.Hashes.Tracked,
	}
	for _, v := range s.Nodes {
		c.NodesReplied += v.Good + v.Questionable + v.Bad // a node enters the table by answering
		c.NodesSeen += v.Good + v.Questionable + v.Bad + v.Replacements
	}
	// The table and the crawl overlap: the greater number is the one that is surely true.
	c.NodesReplied = max(c.NodesReplied, s.Crawl.NodesSpeaking+s.Crawl.Mute)
	c.NodesSeen = max(c.NodesSeen, s.Crawl.NodesAsked)
	if s.Traffic.PacketsOut > 0 {
		c.Hashes1000 = 1000 * float64(s.Hashes.Seen) / float64(s.Traffic.PacketsOut)
	}
	for i := range s.Hashes.Top[:min(top, len(s.Hashes.Top))] {
		c.Top = append(c.Top, NewHash(&s.Hashes.Top[i]))
	}
	return c
}

// networkSize is the estimate by mark and recapture once the sweep allows one, as that counts many more
// nodes than the lookups do; by the lookups before.
func networkSize(s *dhtcore.Snapshot) NetworkSize {
	size := s.Crawl.Recapture
	if size.Nodes == 0 || math.IsInf(size.High, 1) {
		size = s.NetworkSize
	}
	if size.Nodes == 0 || math.IsInf(size.High, 1) {
		return NetworkSize{}
	}
	estimate := int(math.Round(size.Nodes))
	low, high := min(int(math.Round(size.Low)), estimate), max(int(math.Round(size.High)), estimate)
	return NetworkSize{&estimate, &low, &high}
}

// WriteCrawl writes the plain closing of a crawl.
func WriteCrawl(w io.Writer, s *dhtcore.Snapshot, top int) error {
	elapsed := s.At.Sub(s.Started).Round(time.Second)
	if _, err := fmt.Fprintf(w, "Discovered %d unique info_hash(es) in %s\n", s.Hashes.Seen, elapsed); err != nil {
		return err
	}
	rows := s.Hashes.Top[:min(top, len(s.Hashes.Top))]
	if len(rows) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w, "Top info_hashes by request count:"); err != nil {
		return err
	}
	for i := range rows {
		if _, err := w.Write(append(appendRank(nil, &rows[i]), '\n')); err != nil {
			return err
		}
	}
	return nil
}

// AppendDiscovery appends the plain line of the n-th new hash and who told of it.
func AppendDiscovery(dst []byte, n int, hash dhtcore.ID, from netip.Addr, o Options) []byte {
	dst = fmt.Appendf(dst, "[%4d] %s  (from ", n, hash)
	return append(o.appendHost(dst, from), ")\n"...)
}
