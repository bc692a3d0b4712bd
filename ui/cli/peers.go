package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/report"
)

// The lookups of a peers command that run at once.
const (
	defaultParallel = 8
	maxParallel     = 256
)

func peersCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "peers HASH...", Short: "Look up the peers of info_hashes",
		Long: `Look up the peers of info_hashes.

HASH is 40 hexadecimal digits, 32 base32 characters, a magnet link, a .torrent
file, or - to read one hash per line from standard input.`,
		Args: someArgs("hash"),
		RunE: func(cmd *cobra.Command, args []string) error { return peers(cmd, std, args) },
	}
	addSettings(cmd.Flags(), networkSettings(), storeSettings(), outputSettings(), searchSettings())
	cmd.Flags().Bool("name", false, "Fetch name and files from the peers found (BEP 9)")
	cmd.Flags().Int("parallel", defaultParallel, "Run `N` lookups at once")
	return cmd
}

func peers(cmd *cobra.Command, std streams, args []string) error {
	hashes, err := readHashes(cmd.Context(), args, std.in)
	if err != nil {
		return err
	}
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.discard()
	parallel := c.flags.int("parallel")
	if parallel < 1 || parallel > maxParallel {
		return fmt.Errorf("--parallel %d: want 1 to %d", parallel, maxParallel)
	}
	names := c.flags.bool("name")
	if names && c.out.csv {
		return errors.New("--name and --csv: pass one of them")
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	p := &peerFinder{session: s, output: c.out, hashes: hashes, names: names}
	line := showProgress(std, c.out, p.progress)
	p.deadlines = s.join(c.timing, line)
	err = p.run(parallel)
	line.stop()
	last := s.Snapshot()
	if err := s.finish(c.out, std.err, err); err != nil {
		return err
	}
	if p.found == 0 {
		return nothing("no peers found", last)
	}
	return nil
}

// peerFinder looks up a list of hashes and prints what it finds.
type peerFinder struct {
	*session
	*output
	deadlines
	hashes  []dhtcore.ID
	names   bool     // fetch them
	printer *printer // of output, while the lookups run

	mu      sync.Mutex      // guards what follows
	done    int             // finished lookups
	found   int             // peers they found
	results []report.Lookup // in the order of the arguments, for --json
}

func (p *peerFinder) run(parallel int) error {
	if p.json {
		p.results = make([]report.Lookup, len(p.hashes))
	}
	p.printer = startPrinter(p.output, p.cancel)
	if p.csv {
		p.printer.print(func(w io.Writer) error { _, err := fmt.Fprintln(w, report.PeersHeader); return err })
	}
	p.each(len(p.hashes), parallel, func(i int) { p.find(i, i < parallel) })
	if err := p.printer.close(); err != nil || !p.json {
		return err
	}
	return report.WriteJSON(p.output, slices.DeleteFunc(p.results, func(l report.Lookup) bool { return l.Peers == nil }))
}

// find looks up one hash and returns when the result is printed. After the end of the session it returns at
// once, with nothing found.
func (p *peerFinder) find(i int, first bool) {
	ctx, cancel := p.start(p.ctx, first)
	defer cancel()
	hash := p.hashes[i]
	l := p.LookupEach(ctx, hash, func(peer dhtcore.Peer) {
		if p.ndjson {
			p.printer.print(func(w io.Writer) error { return report.WriteNDJSON(w, report.NewFoundPeer(hash, peer, p.Options)) })
		}
	})
	n := nameFetch{wanted: p.names}
	switch {
	case n.wanted && len(l.Peers) > 0:
		n.info, n.err = p.FetchName(ctx, hash)
	case n.wanted:
		n.err = errors.New("no peers found")
	}
	p.count(i, &l, &n)
	if !p.json {
		<-p.printer.print(func(w io.Writer) error { return p.write(w, &l, &n) })
	}
}

// nameFetch is the outcome of fetching the name of a hash.
type nameFetch struct {
	wanted bool
	info   dhtcore.MetadataInfo
	err    error
}

// count adds a finished lookup to the results.
func (p *peerFinder) count(i int, l *dhtcore.LookupState, n *nameFetch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.found += len(l.Peers)
	if p.json {
		p.results[i] = p.object(l, n)
	}
}

// object is the JSON form of a finished lookup.
func (p *peerFinder) object(l *dhtcore.LookupState, n *nameFetch) report.Lookup {
	o := report.NewLookup(l, p.Options)
	if n.wanted {
		o.SetTorrent(&n.info, n.err, p.Options)
	}
	return o
}

// write writes a finished lookup in the forms other than JSON.
func (p *peerFinder) write(w io.Writer, l *dhtcore.LookupState, n *nameFetch) error {
	switch {
	case p.csv:
		return report.WritePeersCSV(w, l, p.Options)
	case p.ndjson:
		o := p.object(l, n)
		o.Kind = report.KindLookup
		return report.WriteNDJSON(w, o)
	}
	err := report.WritePeers(w, l, p.Options)
	if n.wanted && err == nil {
		err = report.WriteTorrent(w, &n.info, n.err, p.Options)
	}
	return err
}

func (p *peerFinder) progress() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s  %d of %s  %s", networkProgress(p.Snapshot()), p.done,
		human.Amount(len(p.hashes), "lookup", "lookups"), human.Amount(p.found, "peer", "peers"))
}
