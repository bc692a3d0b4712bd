package console

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

// Output is where a command writes its result: standard output, or a file that appears only when complete.
type Output struct {
	*bufio.Writer
	report.Form
	to     io.Writer        // below the buffer
	file   *atomicfile.File // nil for standard output and devices
	device *os.File         // a pipe or a device; nil for any other output
}

// NewOutput returns an output that is written to as it is flushed.
func NewOutput(to io.Writer) *Output { return &Output{Writer: bufio.NewWriter(to), to: to} }

// Open opens the output that a path names, such as that of -o: "" and "-" are standard output, a pipe or a device is written
// to, and a file is replaced by Commit as a whole. Opening a pipe ends with ctx.
func Open(ctx context.Context, std Streams, path string) (*Output, error) {
	if path == "" || path == "-" {
		return NewOutput(std.Out), nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return openDevice(ctx, path)
	}
	file, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, human.Cause(err))
	}
	out := NewOutput(file)
	out.file = file
	return out, nil
}

// openDevice opens a pipe or a device, which is written to, not replaced. Opening a pipe waits for its reader.
func openDevice(ctx context.Context, path string) (*Output, error) {
	var file *os.File
	err := exit.Interruptible(ctx, func() (err error) { file, err = os.OpenFile(path, os.O_WRONLY, 0); return err })
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, human.Cause(err))
	}
	out := NewOutput(newDeadlineWriter(ctx.Done(), file))
	out.device = file
	return out, nil
}

// Commit makes the output final.
func (o *Output) Commit() error {
	if err := o.Flush(); err != nil {
		return err
	}
	switch {
	case o.file != nil:
		return o.file.Commit()
	case o.device != nil:
		return o.device.Close()
	}
	return nil
}

// Discard removes the temporary file of an output that was not committed.
func (o *Output) Discard() {
	if o.file != nil {
		o.file.Discard()
		o.file = nil
	}
}

// Print writes the document of a command.
func (o *Output) Print(d report.Document) error { return o.Form.Print(o, d) }

// OnTerminal reports whether the output is a terminal.
func (o *Output) OnTerminal() bool { return IsTerminal(o.to) }
