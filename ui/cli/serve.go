package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func serveCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "a node without a terminal: one line an event", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, std) },
	}
	networkFlags(cmd.Flags())
	outputFlags(cmd.Flags())
	cmd.Flags().Bool("crawl", false, "ask the nodes of the routing table for samples (BEP 51)")
	return cmd
}

func serve(cmd *cobra.Command, std streams) error {
	s, err := explorerSettings(cmd)
	if err != nil {
		return err
	}
	f, err := outputForm(cmd, s)
	if err != nil {
		return err
	}
	out, err := openOutput(std, values{cmd.Flags()}.string("output"))
	if err != nil {
		return err
	}
	defer out.discard()
	s.explorer.Crawl = values{cmd.Flags()}.bool("crawl")
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	for _, n := range r.Snapshot().Nodes {
		fmt.Fprintf(std.err, "dhtop: serving as %s on %s\n", n.ID, n.Addr)
	}
	writeErr := r.events(lines(out, f), dropped(std.err))
	last := r.Snapshot()
	err = r.close()
	if writeErr != nil {
		return writeErr
	}
	if f.json {
		if err := writeSummary(out, last, topLen, f); err != nil {
			return err
		}
	}
	if err := out.commit(); err != nil {
		return err
	}
	return err
}

// lines returns the writer of a node's events: all of them as NDJSON; in plain text those that people
// read, replies to lookups and announces in the forms of the contract.
func lines(out *output, f form) func(*dhtcore.Event) error {
	var line []byte
	return func(e *dhtcore.Event) error {
		switch {
		case f.json:
			return nil
		case f.ndjson:
			line = report.AppendEvent(line[:0], e, f.Options)
		case e.Kind == dhtcore.LookupStep, e.Kind == dhtcore.Discovered:
			return nil
		default:
			line = report.AppendEventLine(line[:0], e, f.Options)
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		return out.Flush()
	}
}
