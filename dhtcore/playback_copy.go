package dhtcore

import (
	"context"
	"io"
	"time"

	"dhtop/dhtcore/record"
)

// Copy writes a recording of all whole pictures from a moment on, with addresses, IDs and names replaced by a Masker; nil
// leaves them. Each picture is one call of w.Write.
func (p *Playback) Copy(ctx context.Context, w io.Writer, from time.Time, mask *Masker) error {
	out, err := record.NewWriter[Snapshot](w)
	if err != nil {
		return err
	}
	var last time.Time
	for moment := from; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		s, at, err := p.At(moment)
		if err != nil || s == nil {
			return err
		}
		if at.After(last) || last.IsZero() { // else what comes next is damaged
			if mask != nil {
				s = mask.Mask(s)
			}
			if err := out.Write(at, s); err != nil {
				return err
			}
			last = at
		}
		if moment = p.nextAfter(moment, at); moment.IsZero() {
			return nil
		}
	}
}

// nextAfter returns the time of the picture after that of a moment, which was taken at a time; zero for none.
func (p *Playback) nextAfter(moment, at time.Time) time.Time {
	if at.After(moment) { // the first whole one
		moment = at
	}
	return p.Next(moment)
}
