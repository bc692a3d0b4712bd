package console

import (
	"bytes"
	"cmp"
	"io"
	"sync"
)

// Printer prints what it is given, in order, from a goroutine of its own, so that no lookup waits for the
// reader of the output. A worker waits until the result of its lookup is printed before it begins the next
// one, so a printer holds no more than the running lookups have found.
type Printer struct {
	out    *Output
	failed func() // called after the first error: the reader may have gone

	wake       chan struct{} // holds one element while there is something to print
	end, ended chan struct{} // closed to end run, and by run at its end

	mu      sync.Mutex // guards what follows
	pending *bytes.Buffer
	written chan struct{} // closed when pending is written, or was dropped after an error
	err     error         // the first one
}

// StartPrinter starts a printer to out. Close it.
func StartPrinter(out *Output, failed func()) *Printer {
	p := &Printer{
		out: out, failed: failed,
		wake: make(chan struct{}, 1), end: make(chan struct{}), ended: make(chan struct{}),
		pending: new(bytes.Buffer), written: make(chan struct{}),
	}
	go p.run()
	return p
}

// Print queues what write writes and returns at once. written is closed when it has been printed.
func (p *Printer) Print(write func(w io.Writer) error) (written <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := write(p.pending); err != nil {
		p.err = cmp.Or(p.err, err)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return p.written
}

// Close prints the rest, and returns the first error.
func (p *Printer) Close() error {
	close(p.end)
	<-p.ended
	return p.err
}

func (p *Printer) run() {
	defer close(p.ended)
	for {
		select {
		case <-p.wake:
			p.printPending()
		case <-p.end:
			p.printPending()
			return
		}
	}
}

func (p *Printer) printPending() {
	p.mu.Lock()
	text, written, err := p.pending, p.written, p.err
	p.pending, p.written = new(bytes.Buffer), make(chan struct{})
	p.mu.Unlock()
	defer close(written)
	if err != nil {
		return
	}
	_, err = text.WriteTo(p.out)
	if err = cmp.Or(err, p.out.Flush()); err == nil {
		return
	}
	p.mu.Lock()
	p.err = err
	p.mu.Unlock()
	p.failed()
}
