package cli

import (
	"bufio"
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
	"dhtop/views/report"
)

// The defaults and bounds of a peers command.
const (
	defaultTimeout  = 30 * time.Second
	defaultParallel = 8
	maxParallel     = 256
)

func peersCommand(std streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "peers HASH...", Short: "look up peers; HASH is 40 hex, 32 base32, a magnet link, a .torrent file, or - for one a line on stdin",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("no hash given: see '%s --help'", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return peers(cmd, std, args) },
	}
	networkFlags(cmd.Flags())
	outputFlags(cmd.Flags())
	cmd.Flags().Duration("warm", 0, "join the network for this `DURATION` before the first lookup")
	cmd.Flags().Duration("timeout", defaultTimeout, "longest wait for the network, and for each lookup")
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
	parallel, warm, timeout := v.int("parallel"), v.duration("warm"), v.duration("timeout")
	if parallel < 1 || parallel > maxParallel {
		return fmt.Errorf("--parallel %d: want 1 to %d", parallel, maxParallel)
	}
	if warm < 0 || timeout <= 0 {
		return errors.New("--warm and --timeout: want a positive duration, such as 10s")
	}
	r, err := open(cmd, s)
	if err != nil {
		return err
	}
	p := &peerFinder{session: r, output: out, err: std.err, timeout: timeout}
	printErr := p.run(hashes, parallel, warm)
	if err := r.close(); err != nil && err != errInterrupted {
		return err
	}
	if printErr != nil {
		return printErr
	}
	if err := out.commit(); err != nil {
		return err
	}
	if err := ended(r.ctx); err != nil {
		return err
	}
	if p.found == 0 {
		return &exit{exitNothing, "no peers found"}
	}
	return nil
}

// peerFinder looks up a list of hashes and prints what it finds.
type peerFinder struct {
	*session
	*output
	err     io.Writer
	timeout time.Duration

	mu       sync.Mutex // guards what follows and out
	found    int
	results  []report.Lookup // by the order of the arguments, for --json
	writeErr error
}

func (p *peerFinder) run(hashes []dhtcore.ID, parallel int, warm time.Duration) error {
	joining, cancel := context.WithTimeout(p.ctx, p.timeout)
	p.WaitJoined(joining)
	cancel()
	for _, e := range p.Snapshot().Events {
		if e.Kind == dhtcore.Warning {
			fmt.Fprintln(p.err, "dhtop:", e.Text)
		}
	}
	if warm > 0 {
		warming, cancel := context.WithTimeout(p.ctx, warm)
		<-warming.Done()
		cancel()
	}
	if p.json {
		p.results = make([]report.Lookup, len(hashes))
	}
	if p.csv {
		fmt.Fprintln(p.output, report.PeersHeader) //nolint:errcheck // a later Flush tells
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(parallel, len(hashes)) {
		workers.Go(func() {
			for i := range next {
				p.one(i, hashes[i], len(hashes))
			}
		})
	}
	started := 0
	for ; started < len(hashes) && p.ctx.Err() == nil; started++ {
		select {
		case next <- started:
		case <-p.ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	if p.json && p.writeErr == nil {
		return report.WriteJSON(p.output, slices.DeleteFunc(p.results, func(l report.Lookup) bool { return l.Peers == nil }))
	}
	return p.writeErr
}

// one looks up one hash. After the end of the session it returns at once with nothing found.
func (p *peerFinder) one(i int, hash dhtcore.ID, of int) {
	ctx, cancel := context.WithTimeout(p.ctx, p.timeout)
	defer cancel()
	l := p.Lookup(ctx, hash)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found += len(l.Peers)
	if isTerminal(p.err) {
		fmt.Fprintf(p.err, "%s: %d peers, %d asked, %d answered, %d silent, %.2f s (%d of %d)\n",
			hash, len(l.Peers), l.Asked, l.Replied, l.TimedOut, l.Elapsed.Seconds(), i+1, of)
	}
	err := error(nil)
	switch {
	case p.json:
		p.results[i] = report.NewLookup(&l, p.Options)
	case p.csv:
		err = report.WritePeersCSV(p.output, &l, p.Options)
	case p.ndjson:
		err = report.WriteNDJSON(p.output, report.NewLookup(&l, p.Options))
	default:
		err = report.WritePeers(p.output, &l, p.Options)
	}
	if p.writeErr == nil {
		p.writeErr = errors.Join(err, p.Flush())
	}
}

// maxStdinHashes bounds what is taken from standard input in one go.
const maxStdinHashes = 1_000_000

// readHashes parses the arguments; "-" stands for the lines of in, which may be somebody's keyboard: ctx
// ends the wait for them.
func readHashes(ctx context.Context, args []string, in io.Reader) (hashes []dhtcore.ID, err error) {
	for _, arg := range args {
		if arg != "-" {
			hash, err := dhtcore.ParseHash(arg)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, hash)
			continue
		}
		var lines []dhtcore.ID
		read := make(chan error, 1)
		go func() {
			var err error
			lines, err = readLines(in)
			read <- err
		}()
		select {
		case err := <-read:
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, lines...)
		case <-ctx.Done():
			return nil, errInterrupted
		}
	}
	if len(hashes) == 0 {
		return nil, errors.New("no hash on standard input")
	}
	return hashes, nil
}

// readLines parses a hash a line. Empty lines and those that start with # are passed over.
func readLines(in io.Reader) (hashes []dhtcore.ID, err error) {
	lines := bufio.NewScanner(in)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		hash, err := dhtcore.ParseHash(line)
		if err != nil {
			return nil, fmt.Errorf("line %d of standard input: %w", n, err)
		}
		if hashes = append(hashes, hash); len(hashes) > maxStdinHashes {
			return nil, fmt.Errorf("more than %d hashes on standard input", maxStdinHashes)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return hashes, nil
}
