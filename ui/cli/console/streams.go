package console

import (
	"context"
	"io"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// NewStreams returns the streams of a command.
func NewStreams(in io.Reader, out, err io.Writer) Streams { return Streams{in, out, err} }

// WithDeadline returns the same streams for a command that must end within a second of a signal, even if
// nobody reads what it writes. ctx ends with the signal.
func (s Streams) WithDeadline(ctx context.Context) Streams {
	return NewStreams(s.In, newDeadlineWriter(ctx.Done(), s.Out), newDeadlineWriter(ctx.Done(), s.Err))
}
