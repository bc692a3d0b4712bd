package cli

import (
	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/views/report"
)

// topLen is how many hashes the summary of a crawl lists.
const topLen = 20

// writeSummary writes the document at the end of a crawl, in the form of out.
func writeSummary(out *console.Output, s *dhtcore.Snapshot, top int) error {
	switch {
	case out.CSV:
		return report.WriteHashes(out, report.CSV, s.Hashes.Top[:min(top, len(s.Hashes.Top))])
	case out.JSON:
		return report.WriteJSON(out, report.NewCrawlSummary(s, top))
	case out.NDJSON:
		summary := report.NewCrawlSummary(s, top)
		summary.Kind = report.KindSummary
		return report.WriteNDJSON(out, summary)
	}
	return report.WriteCrawl(out, s, top)
}
