package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
	"dhtop/views/report/capture"
)

// capture writes the packets that were recorded, from --at on, to a capture, and says how many on stderr.
func (r *replaying) capture(ctx context.Context, std console.Streams) error {
	if r.pcapng == "-" && console.IsTerminal(std.Out) {
		return errors.New("--pcapng -: a capture is nothing for a terminal: pass a file, or pipe it, as in | wireshark -k -i -")
	}
	p, err := openPlayback(r.paths)
	if err != nil {
		return err
	}
	defer p.Close()
	from, err := r.start(p)
	if err != nil {
		return err
	}
	out, err := console.Open(ctx, std, r.pcapng)
	if err != nil {
		return err
	}
	defer out.Discard()
	n, err := capturePackets(ctx, out, p, from, r.Form.Options)
	switch {
	case err != nil:
		return err
	case n == 0 && exit.BySignal(ctx) == nil:
		return exit.With(exit.Nothing, "no packets were recorded here: record with --record-packets, or write them with e in the packets of dhtop")
	}
	if err := out.Commit(); err != nil {
		return err
	}
	to := r.pcapng
	if to == "-" {
		to = "standard output"
	}
	fmt.Fprintf(std.Err, "dhtop: wrote %s to %s\n", human.Amount(n, "packet", "packets"), to)
	return exit.BySignal(ctx)
}

// causeKnown is how long after a packet what became of its query is known.
const causeKnown = 5 * time.Second

// packetQueue are packets that wait until a Snapshot tells their causes.
type packetQueue struct {
	capture *capture.Writer
	waiting []*dhtcore.Packet
	seen    uint64    // Seq of the last one
	started time.Time // of the run: another one counts from 1 again
	last    *dhtcore.Snapshot
}

// capturePackets writes the packets from a moment on, each once, and returns how many.
func capturePackets(ctx context.Context, w io.Writer, p *dhtcore.Playback, from time.Time, o report.Options) (int, error) {
	c, err := capture.NewWriter(w, o)
	if err != nil {
		return 0, err
	}
	q := packetQueue{capture: c}
	for at := from; exit.BySignal(ctx) == nil; {
		s, was, err := p.At(at)
		if err != nil {
			return 0, err
		}
		if s == nil {
			break
		}
		if err := q.take(s, from); err != nil {
			return 0, err
		}
		if at.Before(was) {
			at = was
		}
		if at = p.Next(at); at.IsZero() {
			break
		}
	}
	if err := q.flush(time.Time{}); err != nil {
		return 0, err
	}
	return c.Packets(), c.Close()
}

// take takes in the packets of a Snapshot, and writes those of which all is known.
func (q *packetQueue) take(s *dhtcore.Snapshot, from time.Time) error {
	if !s.Started.Equal(q.started) {
		if err := q.flush(time.Time{}); err != nil {
			return err
		}
		q.seen, q.started = 0, s.Started
	}
	log := s.Packets.Log // the newest first
	n := 0
	for n < len(log) && log[n].Seq > q.seen {
		n++
	}
	for i := n - 1; i >= 0; i-- {
		if !log[i].At.Before(from) {
			q.waiting = append(q.waiting, log[i])
		}
		q.seen = log[i].Seq
	}
	q.last = s
	return q.flush(s.At.Add(-causeKnown))
}

// flush writes the packets up to a time; all for the zero time.
func (q *packetQueue) flush(until time.Time) error {
	n := 0
	for ; n < len(q.waiting) && (until.IsZero() || !q.waiting[n].At.After(until)); n++ {
		if err := q.capture.Add(q.last, q.waiting[n]); err != nil {
			return err
		}
	}
	q.waiting = append(q.waiting[:0], q.waiting[n:]...)
	return nil
}
