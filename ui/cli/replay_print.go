package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

// print writes what was recorded, without a terminal.
func (r *replaying) print(ctx context.Context, std console.Streams) error {
	p, err := openPlayback(r.paths)
	if err != nil {
		return err
	}
	defer p.Close()
	at, err := r.start(p)
	if err != nil {
		return err
	}
	if r.Form.Plain() && r.Output != "" && r.Output != "-" {
		if err := r.copy(ctx, p, at); err != nil {
			return err
		}
		sayGaps(std, p)
		return nil
	}
	out, err := console.Open(ctx, std, r.Output)
	if err != nil {
		return err
	}
	defer out.Discard()
	out.Form = r.Form
	if r.Form.NDJSON {
		err = writeRecordedEvents(ctx, out, p, at)
	}
	if err != nil {
		return err
	}
	if at.IsZero() || r.Form.NDJSON {
		_, at = p.Span()
	}
	last, _, err := p.At(at)
	if err != nil {
		return err
	}
	if err := writeSummary(out, last, r.top); err != nil {
		return err
	}
	sayGaps(std, p)
	if err := out.Commit(); err != nil {
		return err
	}
	return exit.BySignal(ctx)
}

// sayGaps says how many parts of a recording are damaged.
func sayGaps(std console.Streams, p *dhtcore.Playback) {
	if n := p.Gaps(); n > 0 {
		fmt.Fprintf(std.Err, "dhtop: %s of the recording %s damaged, and left out\n",
			human.Amount(n, "part", "parts"), human.Plural(n, "is", "are"))
	}
}

// copy writes another recording, from --at on.
func (r *replaying) copy(ctx context.Context, p *dhtcore.Playback, at time.Time) error {
	mode := fs.FileMode(0o600) // it says who does what
	var mask func(*dhtcore.Snapshot) *dhtcore.Snapshot
	if r.Form.MaskAddrs {
		mode, mask = 0o644, dhtcore.NewMasker().Mask
	}
	file, err := atomicfile.Create(r.Output, mode)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", r.Output, human.Cause(err))
	}
	defer file.Discard()
	out := bufio.NewWriterSize(file, 1<<20)
	if err := errors.Join(p.Copy(ctx, out, at, mask), out.Flush()); err != nil {
		if ended := exit.BySignal(ctx); ended != nil {
			return ended
		}
		return err
	}
	return file.Commit()
}

// writeRecordedEvents writes the events that were recorded from a moment on, each once. On a busy node a recording has not
// all of them.
func writeRecordedEvents(ctx context.Context, out *console.Output, p *dhtcore.Playback, from time.Time) error {
	var seen uint64
	var started time.Time
	var line []byte
	for at := from; exit.BySignal(ctx) == nil; {
		s, was, err := p.At(at)
		if err != nil {
			return err
		}
		if !s.Started.Equal(started) { // another run counts from 1 again
			seen, started = 0, s.Started
		}
		for i := range s.Events {
			e := &s.Events[i]
			if e.Seq <= seen {
				continue
			}
			seen = e.Seq
			if e.At.Before(from) {
				continue
			}
			line = report.AppendEvent(line[:0], e, out.Options)
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		next := p.Next(laterOf(at, was))
		if next.IsZero() {
			break
		}
		at = next
	}
	return nil
}

// laterOf returns the later one of two times.
func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
