package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/input"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// The lookups of a peers command that run at once.
const (
	defaultParallel = 8
	maxParallel     = 256
)

func peersCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "peers HASH...", Short: "Look up the peers of info_hashes",
		Long: `Look up the peers of info_hashes.

HASH is 40 hexadecimal digits, 64 of a torrent of version 2, 32 base32
characters, a magnet link, a .torrent file, or - to read one of these per line
from standard input. Lookups start as lines arrive. Empty lines and lines that
start with # are skipped; invalid lines are reported and skipped.

A hybrid torrent has two hashes (BEP 52). Both are looked up.`,
		Args:              someArgs("hash"),
		ValidArgsFunction: completeFiles("torrent"),
		Example:           "dhtop peers 2d066c94480adcf5b7ab60065f24e681a57e011f --name",
		RunE:              func(cmd *cobra.Command, args []string) error { return peers(cmd, std, args) },
	}
	explain(cmd, "HASH:     40 or 64 hex digits, 32 base32 characters, a magnet link,\na .torrent file, or - for one a line on standard input")
	settings.Define(cmd.Flags(), settings.Network(), settings.Store(), settings.Output(), settings.Search())
	hide(cmd.Flags(), "names")
	cmd.Flags().Bool("name", false, "Fetch name and files from the peers found; BEP 9")
	cmd.Flags().Int("parallel", defaultParallel, "Run `N` lookups at once")
	return cmd
}

// parallel is how many lookups --parallel allows at once.
func (c *invocation) parallel() (int, error) {
	n := c.flags.int("parallel")
	if n < 1 || n > maxParallel {
		return 0, fmt.Errorf("--parallel %d: want 1 to %d", n, maxParallel)
	}
	return n, nil
}

func peers(cmd *cobra.Command, std console.Streams, args []string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	parallel, err := c.parallel()
	if err != nil {
		return err
	}
	p := &peerFinder{Output: c.out, names: c.flags.bool("name")}
	if p.names && p.CSV {
		return errors.New("--name and --csv: pass one of them")
	}
	reading, stop := context.WithCancel(cmd.Context())
	defer stop()
	if p.hashes, err = input.ReadHashes(reading, args, std.In, parallel); err != nil {
		return err
	}
	if err := p.waitForHash(reading, std.Err); err != nil {
		return err
	}
	if p.session, err = c.open(); err != nil {
		return err
	}
	line := console.ShowProgress(std, p.Output, p.progress)
	p.deadlines = p.begin(c.Timing)
	err = p.run(parallel, line)
	line.Stop()
	why := p.why()
	if err := p.finish(p.Output, std.Err, err); err != nil {
		return err
	}
	switch {
	case p.found == 0:
		return nothing("no peers found", why)
	case p.bad > 0:
		return p.badLines()
	}
	return nil
}

// peerFinder looks up hashes and prints what it finds.
type peerFinder struct {
	*session
	*console.Output
	deadlines
	hashes  *input.Hashes
	names   bool             // fetch them
	printer *console.Printer // of output, while the lookups run

	mu      sync.Mutex       // guards what follows
	total   int              // hashes read
	done    int              // finished lookups
	found   int              // peers they found
	bad     int              // lines without a hash
	results []numberedLookup // for --json
}

// numberedLookup is a result, with the place of its hash.
type numberedLookup struct {
	number int
	report.Lookup
}

// waitForHash waits for the first hash and reports the bad lines before it.
func (p *peerFinder) waitForHash(ctx context.Context, errOut io.Writer) error {
	err := p.hashes.Wait(ctx, func(w input.Wanted) {
		p.bad++
		fmt.Fprintln(errOut, "dhtop:", w.Reason())
		if p.NDJSON {
			report.WriteNDJSON(p.Output, report.NewBadLine(w.Line, w.Err, p.Options)) //nolint:errcheck // Flush returns it
			p.Flush()                                                                 //nolint:errcheck // and commit again
		}
	})
	switch {
	case err != nil:
		return err
	case p.bad > 0 && p.hashes.First() == nil:
		if p.JSON {
			if err := report.WriteJSON(p.Output, []report.Lookup{}); err != nil {
				return err
			}
		}
		if err := p.Commit(); err != nil {
			return err
		}
		return p.badLines()
	}
	return nil
}

// badLines is the error of a command that has skipped lines of its input.
func (p *peerFinder) badLines() error {
	return exit.With(exit.Nothing, human.Amount(p.bad, "line", "lines")+" of standard input could not be read: see above")
}

func (p *peerFinder) run(parallel int, errOut io.Writer) error {
	p.printer = console.StartPrinter(p.Output, p.cancel)
	if p.CSV {
		p.printer.Print(func(w io.Writer) error { _, err := fmt.Fprintln(w, report.PeersHeader); return err })
	}
	each(p.ctx, parallel, p.next, func(w input.Wanted) {
		if w.Err != nil {
			p.reportBad(w, errOut)
			return
		}
		p.find(w)
	})
	if err := p.printer.Close(); err != nil || !p.JSON {
		return err
	}
	slices.SortFunc(p.results, func(a, b numberedLookup) int { return a.number - b.number })
	all := make([]report.Lookup, len(p.results))
	for i := range p.results {
		all[i] = p.results[i].Lookup
	}
	return report.WriteJSON(p.Output, all)
}

// next returns the next hash or bad line, false at the end.
func (p *peerFinder) next() (w input.Wanted, ok bool) {
	if w, ok = p.hashes.Next(p.ctx); ok && w.Err == nil {
		p.mu.Lock()
		p.total++
		p.mu.Unlock()
	}
	return w, ok
}

// reportBad reports a line that has no hash.
func (p *peerFinder) reportBad(w input.Wanted, errOut io.Writer) {
	p.mu.Lock()
	p.bad++
	p.mu.Unlock()
	fmt.Fprintln(errOut, "dhtop:", w.Reason())
	if p.NDJSON {
		<-p.printer.Print(func(out io.Writer) error {
			return report.WriteNDJSON(out, report.NewBadLine(w.Line, w.Err, p.Options))
		})
	}
}

// find looks up one hash and returns when the result is printed. After the end of the session it returns at
// once, with nothing found.
func (p *peerFinder) find(w input.Wanted) {
	ctx, cancel := p.deadlines.start(p.ctx, p.Joined())
	defer cancel()
	found := func(peer dhtcore.Peer) {
		if p.NDJSON {
			p.printer.Print(func(out io.Writer) error {
				return report.WriteNDJSON(out, report.NewFoundPeer(w.Hash, peer, p.Options))
			})
		}
	}
	l := p.Persist(ctx, func() dhtcore.LookupState { return p.LookupEach(ctx, w.Hash, found) })
	n := nameFetch{wanted: p.names}
	if n.wanted {
		n.info, n.err = p.name(w, len(l.Peers) > 0)
	}
	p.count(&w, &l, &n)
	if !p.JSON {
		<-p.printer.Print(func(out io.Writer) error { return p.write(out, &w, &l, &n) })
	}
}

// name returns what is behind a hash: out of the .torrent file that named it, else from its peers, else from those
// of the torrent's other hash. A slow peer may take longer than --timeout, which bounds its silence.
func (p *peerFinder) name(w input.Wanted, peers bool) (info dhtcore.MetadataInfo, err error) {
	if info, err = w.Torrent.Metadata(); err == nil {
		return info, nil
	}
	err = errors.New("no peers found")
	if peers {
		info, err = p.FetchName(p.ctx, w.Hash, p.deadlines.timeout)
	}
	for _, other := range w.Torrent.Hashes {
		if err != nil && other != w.Hash {
			var otherErr error
			if info, otherErr = p.FetchName(p.ctx, other, p.deadlines.timeout); otherErr == nil {
				return info, nil
			}
		}
	}
	return info, err
}

// nameFetch is the outcome of fetching the name of a hash.
type nameFetch struct {
	wanted bool
	info   dhtcore.MetadataInfo
	err    error
}

// count adds a finished lookup to the results.
func (p *peerFinder) count(w *input.Wanted, l *dhtcore.LookupState, n *nameFetch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.found += len(l.Peers)
	if p.JSON {
		p.results = append(p.results, numberedLookup{w.Number, p.object(w, l, n)})
	}
}

// object is the JSON form of a finished lookup.
func (p *peerFinder) object(w *input.Wanted, l *dhtcore.LookupState, n *nameFetch) report.Lookup {
	o := report.NewLookup(l, p.Options)
	o.Identity = report.NewIdentity(w.Torrent, w.Hash)
	if n.wanted {
		o.SetTorrent(&n.info, n.err, p.Options)
	}
	return o
}

// write writes a finished lookup in the forms other than JSON.
func (p *peerFinder) write(out io.Writer, w *input.Wanted, l *dhtcore.LookupState, n *nameFetch) error {
	switch {
	case p.CSV:
		return report.WritePeersCSV(out, l, p.Options)
	case p.NDJSON:
		o := p.object(w, l, n)
		o.Kind = report.KindLookup
		return report.WriteNDJSON(out, o)
	}
	err := report.WritePeers(out, l, p.Options)
	if err == nil {
		same := report.NewIdentity(w.Torrent, w.Hash)
		err = same.WriteSameTorrent(out)
	}
	if n.wanted && err == nil {
		err = report.WriteTorrent(out, &n.info, n.err, p.Options)
	}
	return err
}

func (p *peerFinder) progress() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s  %d of %s  %s", networkProgress(p.Snapshot()), p.done,
		human.Amount(p.total, "lookup", "lookups"), human.Amount(p.found, "peer", "peers"))
}
