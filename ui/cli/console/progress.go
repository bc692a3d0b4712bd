package console

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
)

// progressEvery is how often the line is rewritten: often enough to look alive.
const progressEvery = 250 * time.Millisecond

// wipe moves to the start of the line and erases it.
const wipe = "\r\x1b[K"

// Progress is a line at the bottom of a terminal, rewritten while a command works. Lines written through it
// appear above.
type Progress struct {
	w   io.Writer
	end func()

	mu    sync.Mutex // guards w and what follows
	shown bool
}

// ShowProgress shows what line returns until Stop, if stdout and stderr are terminals. Output of out to a terminal
// appears above it.
func ShowProgress(std Streams, out *Output, line func() string) *Progress {
	p := &Progress{w: std.Err, end: func() {}}
	if !IsTerminal(std.Out) || !IsTerminal(std.Err) {
		return p
	}
	if IsTerminal(out.to) {
		out.Writer = bufio.NewWriter(above{p, out.to})
	}
	end, ended := make(chan struct{}), make(chan struct{})
	p.end = sync.OnceFunc(func() { close(end); <-ended })
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

// Stop erases the line, for good.
func (p *Progress) Stop() { p.end() }

// fit cuts a line before the edge of the terminal, where it would wrap.
func fit(terminal any, line string) string {
	return line[:min(len(line), Width(terminal, math.MaxInt)-1)]
}

// hide erases the line and calls write in its place.
func (p *Progress) hide(write func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, wipe)
		p.shown = false
	}
	write()
}

// Write writes whole lines above the progress line.
func (p *Progress) Write(b []byte) (int, error) { return above{p, p.w}.Write(b) }

// above writes above the progress line p.
type above struct {
	p *Progress
	w io.Writer
}

func (a above) Write(b []byte) (n int, err error) {
	a.p.hide(func() { n, err = a.w.Write(b) })
	return n, err
}
