package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/api"
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

// served is a session that tells of itself over HTTP, if it is to.
type served struct {
	*session
	url  string        // of the HTTP API; "" for none
	left chan struct{} // closed when that has ended
}

// openServed is open, with the HTTP API of the settings beside. Whoever calls it calls close, and wait then.
func openServed(cmd *cobra.Command, s settings) (served, error) {
	r := served{left: make(chan struct{})}
	var err error
	if s.http == nil {
		close(r.left)
		r.session, err = open(cmd, s)
		return r, err
	}
	server, err := api.New(*s.http) // first: a port in use is to be told before anything is asked of the network
	if err != nil {
		return r, err
	}
	if r.session, err = open(cmd, s); err != nil {
		server.Close()
		return r, err
	}
	r.url = server.URL()
	go func() {
		defer close(r.left)
		if err := server.Run(r.ctx, r.Explorer); err != nil {
			r.Note(err.Error())
		}
	}()
	return r, nil
}

// wait ends the session, if nobody has, as in a panic, and returns when the HTTP API has ended with it.
func (r *served) wait() {
	r.cancel()
	<-r.left
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
