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
		Use: "crawl", Short: "discover info_hashes, print each once as it is found, then a summary", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return crawl(cmd, std) },
	}
	networkFlags(cmd.Flags())
	outputFlags(cmd.Flags())
	cmd.Flags().Int("top", topLen, "hashes in the summary's list")
	return cmd
}

func crawl(cmd *cobra.Command, std streams) error {
	s, out, err := prepare(cmd, std)
	if err != nil {
		return err
	}
	defer out.discard()
	top := values{cmd.Flags()}.int("top")
	if top < 0 || top > dhtcore.MaxHashes {
		return fmt.Errorf("--top %d: want 0 to %d", top, dhtcore.MaxHashes)
	}
	s.explorer.Crawl = true
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	line := showProgress(std, out, func() string { return crawlProgress(r.Snapshot()) })
	err = r.stream(out, line, discoveries(out, line))
	line.stop()
	summary := r.Snapshot()
	if err == nil {
		err = writeSummary(out, summary, top)
	}
	if err := r.conclude(out, std.err, err); err != nil {
		return err
	}
	if summary.Hashes.Seen == 0 {
		return &exit{exitNothing, "no info_hash was seen" + because(summary)}
	}
	return nil
}

// discoveries returns the writer of what a crawl says while it runs. Warnings go to errOut, beside the
// result.
func discoveries(out *output, errOut io.Writer) func(*dhtcore.Event) error {
	found := 0
	var line []byte
	return func(e *dhtcore.Event) error {
		if e.Kind == dhtcore.Warning && !out.ndjson {
			_, err := fmt.Fprintln(errOut, "dhtop:", e.Text)
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
