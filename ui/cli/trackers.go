package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// How hashes are asked about together: as many as a packet of BEP 15 has room for, if they come soon.
const (
	trackerBatch  = 74
	batchPatience = 100 * time.Millisecond
)

// trackersAtOnce bounds the scrapes that run at once.
const trackersAtOnce = 32

func trackersCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "trackers HASH [TRACKER...]", Short: "Ask trackers about a swarm, beside the DHT's view of it",
		Long: `Ask trackers how many seeders and leechers a torrent has, without announcing,
and estimate the same by a lookup in the DHT (BEP 33).

HASH is what peers takes, several of them too: a magnet link, a .torrent file, a
bare hash, or - for one a line on standard input. A link's or a file's own
trackers are asked. TRACKERs that are given, udp://, http:// or https://, are
asked in their place, about every hash. No other tracker is contacted.

With --rank the trackers are ordered by how they answer, over all hashes. The DHT
is not asked then.`,
		Args: someArgs("hash"), ValidArgsFunction: completeFiles("torrent"),
		Example: "dhtop trackers FUDGZFCIBLOPLN5LMADF6JHGQGSX4AI7 udp://t.example:80",
		RunE:    func(cmd *cobra.Command, args []string) error { return trackers(cmd, std, args) },
	}
	explain(cmd, "HASH:     as for peers; - for one a line on standard input\nTRACKER:  udp://HOST:PORT, http(s)://HOST/announce;\n          asked in place of those that HASH names")
	settings.Define(cmd.Flags(), settings.Network(), settings.Store(), settings.Output(), settings.Search())
	hide(cmd.Flags(), "names", "steps")
	cmd.Flags().Bool("rank", false, "Order trackers by how they answer; does not ask the DHT")
	cmd.Flags().Bool("no-dht", false, "Ask the trackers alone")
	cmd.Flags().Int("parallel", defaultParallel, "Run `N` lookups at once")
	return cmd
}

func trackers(cmd *cobra.Command, std console.Streams, args []string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	parallel, err := c.parallel()
	if err != nil {
		return err
	}
	hashes, given, err := splitTrackers(args)
	if err != nil {
		return err
	}
	reading, stop := context.WithCancel(cmd.Context())
	defer stop()
	t := &trackerScraper{peerFinder: peerFinder{Output: c.out}, given: given, ranked: c.flags.bool("rank"), timing: c.Timing}
	if t.hashes, err = input.ReadHashes(reading, hashes, std.In, trackerBatch); err != nil {
		return err
	}
	if err := t.waitForHash(reading, std.Err); err != nil {
		return err
	}
	if first := t.hashes.First(); len(hashes) == 1 && hashes[0] != "-" && len(t.trackersOf(first)) == 0 {
		return errNoTracker
	}
	if t.client, err = dhtcore.OpenScrapeClient(&c.Explorer); err != nil {
		return err
	}
	defer t.client.Close() //nolint:errcheck // sockets have nothing to lose
	if t.ranked || c.flags.bool("no-dht") {
		return t.alone(cmd.Context(), c)
	}
	return t.besideDHT(c, parallel)
}

var errNoTracker = errors.New("no tracker to ask, as what you passed names none: pass trackers after it, a magnet link or a .torrent file that names some, " +
	"or ask the DHT with 'dhtop peers'")

// splitTrackers tells the hashes of the arguments from the trackers.
func splitTrackers(args []string) (hashes, trackers []string, err error) {
	for _, arg := range args {
		switch scheme, _, isURL := strings.Cut(arg, "://"); {
		case dhtcore.IsTracker(arg), isURL && !strings.ContainsAny(scheme, ":/?") && !strings.EqualFold(scheme, "file"):
			if err := dhtcore.CheckTracker(arg); err != nil {
				return nil, nil, err
			}
			if !slices.Contains(trackers, arg) {
				trackers = append(trackers, arg)
			}
		default:
			hashes = append(hashes, arg)
		}
	}
	if len(hashes) == 0 {
		return nil, nil, errors.New("no hash given: name what to ask the trackers about first, see 'dhtop trackers --help'")
	}
	return hashes, trackers, nil
}

// trackerScraper asks trackers about hashes, and the DHT. Its session is nil where the DHT is not asked.
type trackerScraper struct {
	peerFinder
	client  *dhtcore.ScrapeClient
	given   []string // trackers in place of those that a hash names; nil for none
	ranked  bool
	timing  settings.Timing
	begun   chan struct{} // closed when lookups may begin; nil without the DHT
	ranking dhtcore.ScrapeRanking
	results []report.Trackers // for --json
}

// trackersOf returns the trackers that are asked about a hash.
func (t *trackerScraper) trackersOf(w *input.Wanted) []string {
	if t.given != nil {
		return t.given
	}
	return w.Torrent.Trackers
}

// alone asks the trackers and not the DHT.
func (t *trackerScraper) alone(ctx context.Context, c *invocation) error {
	ctx, cancel := context.WithCancel(ctx)
	if c.For > 0 {
		ctx, cancel = context.WithTimeout(ctx, c.For)
	}
	defer cancel()
	line := console.ShowProgress(c.std, c.out, t.tally)
	err := t.run(ctx, cancel, 1, line)
	line.Stop()
	if err != nil {
		return err
	}
	if err := c.out.Commit(); err != nil {
		return err
	}
	if ended := exit.BySignal(ctx); ended != nil {
		return ended
	}
	return t.verdict(func(text string) error { return exit.With(exit.Nothing, text) })
}

// besideDHT asks the trackers, and the DHT.
func (t *trackerScraper) besideDHT(c *invocation, parallel int) (err error) {
	if t.session, err = c.open(); err != nil {
		return err
	}
	line := console.ShowProgress(c.std, c.out, func() string { return networkProgress(t.Snapshot()) + "  " + t.tally() })
	t.begun = make(chan struct{})
	go func() {
		defer close(t.begun)
		t.deadlines = t.begin(c.Timing)
	}()
	err = t.run(t.ctx, t.cancel, parallel, line)
	line.Stop()
	why := t.why()
	if err := t.finish(t.Output, c.std.Err, err); err != nil {
		return err
	}
	return t.verdict(func(text string) error { return nothing(text, why) })
}

// verdict is how the command ends after it has printed all.
func (t *trackerScraper) verdict(nothing func(text string) error) error {
	switch {
	case t.found == 0:
		return nothing("no tracker knows the swarm, and no peers were found")
	case t.bad > 0:
		return t.badLines()
	}
	return nil
}

// tally is the progress of the scrapes.
func (t *trackerScraper) tally() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return fmt.Sprintf("%d of %s", t.done, human.Amount(t.total, "hash", "hashes"))
}

// run asks about all hashes, a batch after the other, and prints what is said.
func (t *trackerScraper) run(ctx context.Context, failed func(), parallel int, errOut io.Writer) error {
	t.printer = console.StartPrinter(t.Output, failed)
	if t.CSV && !t.ranked {
		t.printer.Print(report.WriteTrackersHeader)
	}
	for batch := range t.batches(ctx, errOut) {
		t.batch(ctx, batch, parallel)
	}
	if t.ranked {
		t.printer.Print(t.writeRanks)
	}
	if err := t.printer.Close(); err != nil || !t.JSON || t.ranked {
		return err
	}
	return report.WriteJSON(t.Output, append([]report.Trackers{}, t.results...))
}

// batches yields the hashes as they come, those together that come soon after each other.
func (t *trackerScraper) batches(ctx context.Context, errOut io.Writer) func(yield func([]input.Wanted) bool) {
	return func(yield func([]input.Wanted) bool) {
		for batch := t.gather(ctx, errOut); len(batch) > 0; batch = t.gather(ctx, errOut) {
			t.mu.Lock()
			t.total += len(batch)
			t.mu.Unlock()
			if !yield(batch) {
				return
			}
		}
	}
}

// gather waits for a hash, and takes those along that come soon after it. There is none at the end.
func (t *trackerScraper) gather(ctx context.Context, errOut io.Writer) (batch []input.Wanted) {
	for len(batch) < trackerBatch {
		w, ok := t.hashes.Next(ctx)
		switch {
		case !ok:
			return batch
		case w.Err != nil:
			t.reportBad(w, errOut)
			continue
		}
		if batch = append(batch, w); len(batch) == 1 {
			soon, cancel := context.WithTimeout(ctx, batchPatience)
			defer cancel()
			ctx = soon
		}
	}
	return batch
}

// batch asks about some hashes at once, and prints each in its turn.
func (t *trackerScraper) batch(ctx context.Context, batch []input.Wanted, parallel int) {
	lookups := make([]*dhtcore.LookupState, len(batch))
	var work sync.WaitGroup
	if t.begun != nil {
		work.Go(func() {
			<-t.begun
			next := 0
			each(ctx, parallel, func() (int, bool) { next++; return next - 1, next <= len(batch) }, func(i int) {
				lookupCtx, cancel := t.deadlines.start(ctx, t.Joined())
				defer cancel()
				l := t.Persist(lookupCtx, func() dhtcore.LookupState { return t.Lookup(lookupCtx, batch[i].Hash) })
				lookups[i] = &l
			})
		})
	}
	scrapes := t.scrape(ctx, batch)
	work.Wait()
	for i := range batch {
		t.printHash(&batch[i], lookups[i], scrapes)
	}
}

// scrapeOf is what one tracker says of the hashes of a batch that it is asked about.
type scrapeOf struct {
	hashes []dhtcore.ID
	result dhtcore.ScrapeResult
}

// scrape asks each tracker of a batch about its hashes.
func (t *trackerScraper) scrape(ctx context.Context, batch []input.Wanted) map[string]*scrapeOf {
	of := map[string]*scrapeOf{}
	var order []*scrapeOf
	for i := range batch {
		for _, tracker := range t.trackersOf(&batch[i]) {
			s := of[tracker]
			if s == nil {
				s = &scrapeOf{result: dhtcore.ScrapeResult{Tracker: tracker}}
				of[tracker] = s
				order = append(order, s)
			}
			if !slices.Contains(s.hashes, batch[i].Hash) {
				s.hashes = append(s.hashes, batch[i].Hash)
			}
		}
	}
	next := 0
	each(context.WithoutCancel(ctx), trackersAtOnce, func() (*scrapeOf, bool) {
		if next == len(order) {
			return nil, false
		}
		next++
		return order[next-1], true
	}, func(s *scrapeOf) {
		bounded, cancel := context.WithTimeout(ctx, t.timing.Timeout)
		defer cancel()
		s.result = t.client.Scrape(bounded, s.result.Tracker, s.hashes)
	})
	for _, s := range order {
		t.ranking.Add(&s.result, len(s.hashes))
		if t.ranked && s.result.Err == nil {
			t.found++
		}
	}
	return of
}

// printHash prints what is said of one hash.
func (t *trackerScraper) printHash(w *input.Wanted, lookup *dhtcore.LookupState, of map[string]*scrapeOf) {
	names := t.trackersOf(w)
	results, at := make([]dhtcore.ScrapeResult, len(names)), make([]int, len(names))
	for i, name := range names {
		results[i], at[i] = of[name].result, slices.Index(of[name].hashes, w.Hash)
		if at[i] < len(results[i].Swarms) && results[i].Swarms[at[i]].Known {
			t.found++
		}
	}
	if lookup != nil {
		t.found += len(lookup.Peers)
	}
	d := report.NewTrackers(w.Hash, w.Torrent, lookup, results, at, t.Options)
	t.mu.Lock()
	t.done++
	t.mu.Unlock()
	switch {
	case t.ranked:
	case t.JSON:
		t.results = append(t.results, d)
	case t.NDJSON:
		d.Kind = report.KindTrackers
		<-t.printer.Print(func(out io.Writer) error { return report.WriteNDJSON(out, d) })
	case t.CSV:
		<-t.printer.Print(d.WriteCSV)
	default:
		<-t.printer.Print(d.WritePlain)
	}
}

// writeRanks writes the ranking in the form of the output.
func (t *trackerScraper) writeRanks(w io.Writer) error {
	ranks := report.NewTrackerRanks(t.ranking.Ranks(), t.Options)
	switch {
	case t.JSON:
		return report.WriteJSON(w, ranks)
	case t.NDJSON:
		for i := range ranks {
			ranks[i].Kind = report.KindRank
			if err := report.WriteNDJSON(w, ranks[i]); err != nil {
				return err
			}
		}
		return nil
	case t.CSV:
		return ranks.WriteCSV(w)
	}
	return ranks.WritePlain(w)
}
