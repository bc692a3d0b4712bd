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
	httpFlags(cmd.Flags(), httpServe)
	cmd.Flags().Bool("crawl", false, "sweep the keyspace for samples (BEP 51)")
	return cmd
}

func serve(cmd *cobra.Command, std streams) error {
	s, out, err := prepare(cmd, std)
	if err != nil {
		return err
	}
	defer out.discard()
	s.explorer.Crawl = values{cmd.Flags()}.bool("crawl")
	r, err := openServed(cmd, s)
	if err != nil {
		return err
	}
	defer r.wait()
	for _, n := range r.Snapshot().Nodes {
		fmt.Fprintf(std.err, "dhtop: serving as %s on %s\n", n.ID, n.Addr)
	}
	if r.url != "" {
		fmt.Fprintf(std.err, "dhtop: HTTP API on %s\n", r.url)
	}
	err = r.stream(out, std.err, lines(out))
	if err == nil && (out.json || out.csv) {
		err = writeSummary(out, r.Snapshot(), topLen)
	}
	return r.conclude(out, std.err, err)
}

// lines returns the writer of a node's events: all of them as NDJSON; in plain text those that people
// read, replies to lookups and announces in the forms of the contract.
func lines(out *output) func(*dhtcore.Event) error {
	var line []byte
	return func(e *dhtcore.Event) error {
		switch {
		case out.json, out.csv:
			return nil
		case out.ndjson:
			line = report.AppendEvent(line[:0], e, out.Options)
		case e.Kind == dhtcore.LookupStep, e.Kind == dhtcore.Discovered:
			return nil
		default:
			line = report.AppendEventLine(line[:0], e, out.Options)
		}
		_, err := out.Write(line)
		return err
	}
}
