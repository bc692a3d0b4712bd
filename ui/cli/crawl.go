package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func crawlCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "crawl", Short: "Discover info_hashes, print each one once, then a summary", Args: noArgs,
		Example: "dhtop crawl --for 10m --json -o crawl.json",
		RunE:    func(cmd *cobra.Command, _ []string) error { return crawl(cmd, std) },
	}
	addSettings(cmd.Flags(), networkSettings(), storeSettings(), outputSettings())
	cmd.Flags().Int("top", topLen, "List the top `N` hashes in the summary")
	return cmd
}

func crawl(cmd *cobra.Command, std streams) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.discard()
	top := c.flags.int("top")
	if top < 0 || top > dhtcore.MaxHashes {
		return fmt.Errorf("--top %d: want 0 to %d", top, dhtcore.MaxHashes)
	}
	c.explorer.Crawl = true
	s, err := c.open()
	if err != nil {
		return err
	}
	line := showProgress(std, c.out, func() string { return crawlProgress(s.Snapshot()) })
	err = s.stream(c.out, line, discoveries(c.out, c.log, line))
	line.stop()
	last := s.Snapshot()
	if err == nil {
		err = writeSummary(c.out, last, top)
	}
	if err := s.finish(c.out, std.err, err); err != nil {
		return err
	}
	if last.Hashes.Seen == 0 {
		return nothing("no info_hash seen", last)
	}
	return nil
}

// discoveries returns the function that writes the events of a crawl to out. Warnings go to errOut.
func discoveries(out *output, log logLevel, errOut io.Writer) func(*dhtcore.Event) error {
	found := 0
	var line []byte
	return func(e *dhtcore.Event) error {
		if e.Kind == dhtcore.Warning && !out.ndjson {
			if log < logWarning {
				return nil
			}
			_, err := fmt.Fprintln(errOut, "dhtop:", out.Text(e.Text))
			return err
		}
		switch {
		case out.json, out.csv:
			return nil
		case out.ndjson:
			line = report.AppendEvent(line[:0], e, out.Options)
		case e.Kind == dhtcore.Discovered:
			found++
			line = report.AppendDiscovery(line[:0], found, e.Hash, e.Addr.Addr(), out.Options)
		default:
			return nil
		}
		_, err := out.Write(line)
		return err
	}
}
