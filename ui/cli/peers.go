package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// The lookups of a peers command that run at once.
const (
	defaultParallel = 8
	maxParallel     = 256
)

func peersCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "peers HASH...", Short: "look up peers; HASH is 40 hex, 32 base32, a magnet link, a .torrent file, or - for one a line on stdin",
		Args: someArgs("hash"),
		RunE: func(cmd *cobra.Command, args []string) error { return peers(cmd, std, args) },
	}
	networkFlags(cmd.Flags())
	outputFlags(cmd.Flags())
	searchFlags(cmd.Flags())
	cmd.Flags().Bool("name", false, "fetch name and files from the peers found (BEP 9)")
	cmd.Flags().Int("parallel", defaultParallel, "lookups at once")
	return cmd
}

func peers(cmd *cobra.Command, std streams, args []string) error {
	hashes, err := readHashes(cmd.Context(), args, std.in)
	if err != nil {
		return err
	}
	s, out, err := prepare(cmd, std)
	if err != nil {
		return err
	}
	defer out.discard()
	v := values{cmd.Flags()}
	parallel := v.int("parallel")
	if parallel < 1 || parallel > maxParallel {
		return fmt.Errorf("--parallel %d: want 1 to %d", parallel, maxParallel)
	}
	names := v.bool("name")
	if names && out.csv {
		return errors.New("--name and --csv: pass one of them")
	}
	w, err := waitFrom(v)
	if err != nil {
		return err
	}
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	p := &peerFinder{session: r, output: out, hashes: hashes, names: names}
	line := showProgress(std, out, p.progress)
	p.clock = r.join(w, line)
	err = p.run(parallel)
	line.stop()
	because := because(r.Snapshot())
	if err := r.conclude(out, std.err, err); err != nil {
		return err
	}
	if p.found == 0 {
		return &exit{exitNothing, "no peers found" + because}
	}
	return nil
}

// peerFinder looks up a list of hashes and prints what it finds.
type peerFinder struct {
	*session
	*output
	clock
	hashes  []dhtcore.ID
	names   bool     // fetch them
	printer *printer // of output, while the lookups run

	mu      sync.Mutex      // guards what follows
	done    int             // lookups
	found   int             // peers of those
	results []report.Lookup // by the order of the arguments, for --json
}

func (p *peerFinder) run(parallel int) error {
	if p.json {
		p.results = make([]report.Lookup, len(p.hashes))
	}
	p.printer = startPrinter(p.output, p.cancel)
	if p.csv {
		p.printer.print(func(w io.Writer) error { _, err := fmt.Fprintln(w, report.PeersHeader); return err })
	}
	p.each(len(p.hashes), parallel, func(i int) { p.one(i, i < parallel) })
	if err := p.printer.close(); err != nil || !p.json {
		return err
	}
	return report.WriteJSON(p.output, slices.DeleteFunc(p.results, func(l report.Lookup) bool { return l.Peers == nil }))
}

// one looks up one hash, and returns when what there is to say of it is out. After the end of the session
// it does at once, with nothing found.
func (p *peerFinder) one(i int, first bool) {
	ctx, cancel := p.search(first)
	defer cancel()
	hash := p.hashes[i]
	l := p.LookupEach(ctx, hash, func(peer dhtcore.Peer) {
		if p.ndjson {
			p.printer.print(func(w io.Writer) error { return report.WriteNDJSON(w, report.NewFoundPeer(hash, peer, p.Options)) })
		}
	})
	n := naming{asked: p.names}
	switch {
	case n.asked && len(l.Peers) > 0:
		n.info, n.err = p.FetchName(ctx, hash)
	case n.asked:
		n.err = errors.New("no peers found")
	}
	p.count(i, &l, &n)
	if !p.json {
		<-p.printer.print(func(w io.Writer) error { return p.tell(w, &l, &n) })
	}
}

// naming is what came of fetching the name of a hash.
type naming struct {
	asked bool
	info  dhtcore.Metadata
	err   error
}

// count takes in a lookup that is done.
func (p *peerFinder) count(i int, l *dhtcore.LookupState, n *naming) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.found += len(l.Peers)
	if p.json {
		p.results[i] = p.object(l, n)
	}
}

// object is the JSON form of a lookup that is done.
func (p *peerFinder) object(l *dhtcore.LookupState, n *naming) report.Lookup {
	o := report.NewLookup(l, p.Options)
	if n.asked {
		o.SetTorrent(&n.info, n.err, p.Options)
	}
	return o
}

// tell writes a lookup that is done in the other forms.
func (p *peerFinder) tell(w io.Writer, l *dhtcore.LookupState, n *naming) error {
	switch {
	case p.csv:
		return report.WritePeersCSV(w, l, p.Options)
	case p.ndjson:
		o := p.object(l, n)
		o.Kind = report.KindLookup
		return report.WriteNDJSON(w, o)
	}
	err := report.WritePeers(w, l, p.Options)
	if n.asked && err == nil {
		err = report.WriteTorrent(w, &n.info, n.err, p.Options)
	}
	return err
}

func (p *peerFinder) progress() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprintf("%s  %d of %d lookups  %d peers", standing(p.Snapshot()), p.done, len(p.hashes), p.found)
}
