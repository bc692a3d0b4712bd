package cli

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

func serveCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Run a node without a terminal and print its events", Args: noArgs,
		Example: "dhtop serve --crawl --ndjson",
		RunE:    func(cmd *cobra.Command, _ []string) error { return serve(cmd, std) },
	}
	addSettings(cmd.Flags(), networkSettings(), storeSettings(), outputSettings(), httpSettings(httpServe), trackerSettings())
	cmd.Flags().Bool("crawl", false, "Sweep the keyspace for samples (BEP 51)")
	return cmd
}

func serve(cmd *cobra.Command, std streams) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.discard()
	c.explorer.Crawl = c.flags.bool("crawl")
	s, err := openAPISession(cmd.Context(), c.settings)
	if err != nil {
		return err
	}
	defer s.wait()
	for _, n := range s.Snapshot().Nodes {
		if c.log >= logInfo {
			fmt.Fprintf(std.err, "dhtop: serving as %s\n", c.form.Identity(n.ID, n.Addr))
		}
	}
	if s.url != "" && c.log >= logInfo {
		fmt.Fprintf(std.err, "dhtop: HTTP API on %s\n", apiURL(s.url, c.form.Options))
	}
	if c.log >= logInfo {
		for _, url := range trackerURLs(s.Snapshot().Tracker) {
			fmt.Fprintf(std.err, "dhtop: tracker on %s\n", apiURL(url, c.form.Options))
		}
	}
	err = s.stream(c.out, std.err, eventLines(c.out, c.log))
	if err == nil && (c.out.json || c.out.csv) {
		err = writeSummary(c.out, s.Snapshot(), topLen)
	}
	err = s.finish(c.out, std.err, err)
	if terminated(cmd.Context()) && errors.Is(err, error(errInterrupted)) {
		return nil // a service that its supervisor stops has not failed
	}
	return err
}

// trackerURLs are where a tracker takes announces.
func trackerURLs(t *dhtcore.Tracker) (urls []string) {
	if t == nil {
		return nil
	}
	if t.HTTP.IsValid() {
		urls = append(urls, fmt.Sprintf("http://%s/announce", t.HTTP))
	}
	for _, addr := range t.UDP {
		urls = append(urls, fmt.Sprintf("udp://%s", addr))
	}
	return urls
}

// apiURL returns a URL as far as it may be told. Loopback is nobody's address.
func apiURL(url string, o report.Options) string {
	if addr, err := netip.ParseAddrPort(strings.TrimPrefix(url, "http://")); err == nil &&
		(addr.Addr().IsLoopback() || addr.Addr().IsUnspecified()) {
		return url
	}
	return o.Text(url)
}

// eventLines returns the function that writes the events of a node to out: all of them as NDJSON; in plain
// text those that people read, with replies to lookups and announces in the forms that log readers expect.
func eventLines(out *output, log logLevel) func(*dhtcore.Event) error {
	var line []byte
	return func(e *dhtcore.Event) error {
		switch {
		case out.json, out.csv:
			return nil
		case out.ndjson:
			line = report.AppendEvent(line[:0], e, out.Options)
		case log < logDebug && (e.Kind == dhtcore.LookupStep || e.Kind == dhtcore.Discovered):
			return nil
		default:
			line = report.AppendEventLine(line[:0], e, out.Options)
		}
		_, err := out.Write(line)
		return err
	}
}
