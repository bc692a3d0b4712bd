package cli

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

func serveCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "serve", Short: "Run a node without a terminal and print its events", Args: noArgs,
		Example: "dhtop serve --crawl --ndjson",
		RunE:    func(cmd *cobra.Command, _ []string) error { return serve(cmd, std) },
	}
	settings.Define(cmd.Flags(), settings.Serve(), settings.Mapping(), settings.Store(), settings.Record(), settings.Watch(), settings.Output(), settings.HTTP(settings.HttpServe), settings.Tracker())
	return cmd
}

func serve(cmd *cobra.Command, std console.Streams) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	c.Explorer.Crawl, c.Explorer.Watch = c.Crawl, &c.Watch
	log := newServeLog(c.out, std.Err, c.Logging())
	ctx, end := context.WithCancelCause(cmd.Context())
	defer end(nil)
	if c.HTTP != nil {
		c.HTTP.End = func() { end(errShutdown) }
	}
	hangup := exit.OnHangup(cmd.Context()) // from now on: one that comes while it starts reloads, too
	s, err := openAPISession(ctx, c.Settings)
	if err != nil {
		return err
	}
	defer s.wait()
	for _, n := range s.Snapshot().Nodes {
		log.say(settings.LogInfo, "serving as "+c.Form.Identity(n.ID, n.Addr))
	}
	if s.url != "" {
		log.say(settings.LogInfo, "HTTP API on "+apiURL(s.url, c.Form.Options))
	}
	for _, url := range trackerURLs(s.Snapshot().Tracker) {
		log.say(settings.LogInfo, "tracker on "+apiURL(url, c.Form.Options))
	}
	s.confine(cmd.Flags(), &c.Settings)
	beside := s.superviseServe(cmd, hangup, log)
	err = s.read(eventReader{log.event, log.lost, log.flush})
	s.cancel() // unless it has ended: the output may have failed
	beside.Wait()
	if err == nil && (c.out.JSON || c.out.CSV) {
		err = writeSummary(c.out, s.Snapshot(), topLen)
	}
	err = s.finish(c.out, std.Err, err)
	if errors.Is(context.Cause(ctx), errShutdown) {
		log.say(settings.LogInfo, "ended by POST /shutdown")
	}
	if e := (*exit.Error)(nil); exit.ByTermination(cmd.Context()) && errors.As(err, &e) && e.Code == exit.Interrupted {
		return nil // a service that its supervisor stops has not failed, even if nobody reads its log
	}
	return err
}

// errShutdown is the cause of a context that POST /shutdown has ended.
var errShutdown = errors.New("asked to end by POST /shutdown")

// superviseServe tells the supervisor how the service fares, and reloads the settings on every hangup, until the session
// ends.
func (s *apiSession) superviseServe(cmd *cobra.Command, hangup <-chan struct{}, log *serveLog) *sync.WaitGroup {
	var beside sync.WaitGroup
	v := newSupervisor(s.session, log.say)
	r := &reloader{apiSession: s, flags: cmd.Flags(), cmd: cmd, log: log}
	beside.Go(func() { r.run(s.ctx, hangup, v) })
	beside.Go(func() { v.run(s.ctx) })
	return &beside
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
