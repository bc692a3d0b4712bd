package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

func crawlCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "crawl", Short: "Discover info_hashes, print each one once, then a summary", Args: noArgs,
		Example: "dhtop crawl --for 10m --json -o crawl.json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return crawl(cmd, std) },
	}
	settings.Define(cmd.Flags(), settings.Network(), settings.Store(), settings.Record(), settings.Output())
	addFilter(cmd.Flags())
	cmd.Flags().Int("top", topLen, "List the top `N` hashes in the summary")
	return cmd
}

func crawl(cmd *cobra.Command, std console.Streams) error {
	pick, err := readFilter(values{cmd.Flags()})
	if err != nil {
		return err
	}
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	top := c.flags.int("top")
	if top < 0 || top > dhtcore.MaxHashes {
		return fmt.Errorf("--top %d: want 0 to %d", top, dhtcore.MaxHashes)
	}
	c.Explorer.Crawl = true
	s, err := c.open()
	if err != nil {
		return err
	}
	s.confine(cmd.Flags(), &c.Settings)
	line := console.ShowProgress(std, c.out, func() string { return crawlProgress(s.Snapshot()) })
	events := newCrawlFilter(pick, s.HashRow)
	err = s.stream(c.out, line, discoveries(c.out, c.LogLevel, line, events))
	line.Stop()
	last := s.Snapshot()
	if !pick.all() {
		last = withTop(last, s.TopHashes(pick.HashFilter, dhtcore.MaxHashes))
	}
	if err == nil {
		err = writeSummary(c.out, last, top)
	}
	if err := s.finish(c.out, std.Err, err); err != nil {
		return err
	}
	switch {
	case last.Hashes.Seen == 0:
		return nothing("no info_hash seen", s.why())
	case len(last.Hashes.Top) == 0 && len(events.found) == 0 && !pick.all():
		return exit.With(exit.Nothing, "no info_hash passed --filter")
	}
	return nil
}

// withTop returns a copy of a Snapshot with another ranking.
func withTop(s *dhtcore.Snapshot, top []dhtcore.HashRow) *dhtcore.Snapshot {
	shown := *s
	shown.Hashes.Top = top
	return &shown
}

// discoveries returns the function that writes those events of a crawl to out that the filter picks. Warnings go to
// errOut.
func discoveries(out *console.Output, log settings.LogLevel, errOut io.Writer, pick *crawlFilter) func(*dhtcore.Event) error {
	found := 0
	var line []byte
	return func(e *dhtcore.Event) error {
		if e.Kind == dhtcore.Warning && !out.NDJSON {
			if log < settings.LogWarning {
				return nil
			}
			_, err := fmt.Fprintln(errOut, "dhtop:", out.Text(e.Text))
			return err
		}
		switch {
		case out.JSON, out.CSV:
			return nil
		case out.NDJSON:
			if !pick.about(e) {
				return nil
			}
			line = report.AppendEvent(line[:0], e, out.Options)
		case pick.finds(e):
			found++
			line = report.AppendDiscovery(line[:0], found, e.Hash, e.Addr.Addr(), out.Options)
		default:
			return nil
		}
		_, err := out.Write(line)
		return err
	}
}
