package record

import (
	"context"
	"io"
	"time"
)

// Copy writes a recording of all whole pictures from a moment on, each as a mask makes it; nil leaves them. Each
// picture is one call of w.Write.
func (p *Playback[T]) Copy(ctx context.Context, w io.Writer, from time.Time, mask func(*T) *T) error {
	out, err := NewWriter[T](w)
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
				s = mask(s)
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
func (p *Playback[T]) nextAfter(moment, at time.Time) time.Time {
	if at.After(moment) { // the first whole one
		moment = at
	}
	return p.Next(moment)
}
