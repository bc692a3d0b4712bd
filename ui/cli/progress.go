package cli

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// progressEvery is how often the line is rewritten: often enough to look alive.
const progressEvery = 250 * time.Millisecond

// wipe moves to the start of the line and erases it.
const wipe = "\r\x1b[K"

// progress is a line at the bottom of a terminal, rewritten while a command works. Lines written through it
// appear above.
type progress struct {
	w    io.Writer
	stop func()

	mu    sync.Mutex // guards w and what follows
	shown bool
}

// showProgress shows what line returns until stop, if stdout and stderr are terminals. Output of out to a terminal
// appears above it.
func showProgress(std streams, out *output, line func() string) *progress {
	p := &progress{w: std.err, stop: func() {}}
	if !isTerminal(std.out) || !isTerminal(std.err) {
		return p
	}
	if isTerminal(out.to) {
		out.Writer = bufio.NewWriter(above{p, out.to})
	}
	end, ended := make(chan struct{}), make(chan struct{})
	p.stop = sync.OnceFunc(func() { close(end); <-ended })
	go func() {
		defer close(ended)
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-end:
				p.hide(func() {})
				return
			case <-tick.C:
				text := fit(p.w, line())
				p.hide(func() { _, err := fmt.Fprint(p.w, text); p.shown = err == nil })
			}
		}
	}()
	return p
}

// fit cuts a line before the edge of the terminal, where it would wrap.
func fit(terminal any, line string) string {
	return line[:min(len(line), terminalWidth(terminal, math.MaxInt)-1)]
}

// hide erases the line and calls write in its place.
func (p *progress) hide(write func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, wipe)
		p.shown = false
	}
	write()
}

// Write writes whole lines above the progress line.
func (p *progress) Write(b []byte) (int, error) { return above{p, p.w}.Write(b) }

// above writes above the progress line p.
type above struct {
	p *progress
	w io.Writer
}

func (a above) Write(b []byte) (n int, err error) {
	a.p.hide(func() { n, err = a.w.Write(b) })
	return n, err
}

// networkProgress is how the progress line of a search begins.
func networkProgress(s *dhtcore.Snapshot) string {
	good := 0
	for _, v := range s.Nodes {
		good += v.Good
	}
	return fmt.Sprintf("%s  %s  in %.0f/s out %.0f/s", s.Phase, human.Amount(good, "node", "nodes"),
		s.Traffic.InRate, s.Traffic.OutRate)
}

// crawlProgress is the progress line of a crawl.
func crawlProgress(s *dhtcore.Snapshot) string {
	return fmt.Sprintf("%s  %s  %s  %s  %s  in %.0f/s out %.0f/s", s.Phase,
		human.Amount(s.Nodes[0].Good, "node", "nodes"), human.Amount(s.Hashes.Seen, "hash", "hashes"),
		human.Amount(s.Hashes.Requests, "request", "requests"), human.Amount(s.Hashes.Samples, "sample", "samples"),
		s.Traffic.InRate, s.Traffic.OutRate)
}
