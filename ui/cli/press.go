package cli

import (
	"bytes"
	"cmp"
	"io"
	"sync"
)

// press prints what is handed to it, in that order, from a goroutine of its own: no lookup waits for the
// reader of the output. What a lookup has printed, its worker waits for before it begins the next, so that
// no more is kept here than the lookups under way have found.
type press struct {
	out    *output
	failed func() // called after the first error: whoever reads may have gone

	wake       chan struct{} // holds one element while there is something to print
	end, ended chan struct{}

	mu      sync.Mutex // guards what follows
	next    *bytes.Buffer
	written chan struct{} // closed when next has been written, or never will be
	err     error         // the first one
}

func startPress(out *output, failed func()) *press {
	p := &press{out: out, failed: failed, wake: make(chan struct{}, 1), end: make(chan struct{}), ended: make(chan struct{}),
		next: new(bytes.Buffer), written: make(chan struct{})}
	go p.run()
	return p
}

// print takes what write writes and does not wait until that is out: written is closed then.
func (p *press) print(write func(w io.Writer) error) (written <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := write(p.next); err != nil {
		p.err = cmp.Or(p.err, err)
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
	return p.written
}

// close prints the rest, and returns the first error.
func (p *press) close() error {
	close(p.end)
	<-p.ended
	return p.err
}

func (p *press) run() {
	defer close(p.ended)
	for {
		select {
		case <-p.wake:
			p.printNext()
		case <-p.end:
			p.printNext()
			return
		}
	}
}

func (p *press) printNext() {
	p.mu.Lock()
	text, written, err := p.next, p.written, p.err
	p.next, p.written = new(bytes.Buffer), make(chan struct{})
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
