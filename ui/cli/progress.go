package cli

import (
	"fmt"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// networkProgress is how the progress line of a search begins.
func networkProgress(s *dhtcore.Snapshot) string {
	good := 0
	for _, v := range s.Nodes {
		good += v.Good
	}
	return fmt.Sprintf("%s  %s  in %.0f/s out %.0f/s", s.Phase, human.Amount(good, "node", "nodes"),
		s.Traffic.InRate, s.Traffic.OutRate)
}

// crawlProgress is the progress line of a crawl.
func crawlProgress(s *dhtcore.Snapshot) string {
	return fmt.Sprintf("%s  %s  %s  %s  %s  in %.0f/s out %.0f/s", s.Phase,
		human.Amount(s.Nodes[0].Good, "node", "nodes"), human.Amount(s.Hashes.Seen, "hash", "hashes"),
		human.Amount(s.Hashes.Requests, "request", "requests"), human.Amount(s.Hashes.Samples, "sample", "samples"),
		s.Traffic.InRate, s.Traffic.OutRate)
}
