package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/charmbracelet/x/term"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/ui/cli/exit"
	"dhtop/views/report"
)

// output is where a command writes its result: standard output, or a file that appears only when complete.
type output struct {
	*bufio.Writer
	report.Form
	to     io.Writer        // below the buffer
	file   *atomicfile.File // nil for standard output and devices
	device *os.File         // a pipe or a device; nil for any other output
}

func newOutput(to io.Writer) *output { return &output{Writer: bufio.NewWriter(to), to: to} }

func openOutput(ctx context.Context, std streams, path string) (*output, error) {
	if path == "" || path == "-" {
		return newOutput(std.out), nil
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return openDevice(ctx, path)
	}
	file, err := atomicfile.Create(path, 0o644)
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, human.Cause(err))
	}
	out := newOutput(file)
	out.file = file
	return out, nil
}

// openDevice opens a pipe or a device, which is written to, not replaced. Opening a pipe waits for its reader.
func openDevice(ctx context.Context, path string) (*output, error) {
	var file *os.File
	err := exit.Interruptible(ctx, func() (err error) { file, err = os.OpenFile(path, os.O_WRONLY, 0); return err })
	if err != nil {
		return nil, fmt.Errorf("cannot write %s: %w", path, human.Cause(err))
	}
	out := newOutput(newDeadlineWriter(ctx.Done(), file))
	out.device = file
	return out, nil
}

// commit makes the output final.
func (o *output) commit() error {
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

// discard removes the temporary file of an output that was not committed.
func (o *output) discard() {
	if o.file != nil {
		o.file.Discard()
		o.file = nil
	}
}

// isTerminal reports whether w is a terminal, for progress and colour.
func isTerminal(w any) bool {
	f, ok := asFile(w)
	return ok && term.IsTerminal(f.Fd())
}

// asFile returns the file behind a stream.
func asFile(w any) (f *os.File, ok bool) {
	if p, is := w.(*deadlineWriter); is {
		w = p.to
	}
	f, ok = w.(*os.File)
	return f, ok
}

// print writes the document of a command.
func (o *output) print(d report.Document) error { return o.Form.Print(o, d) }
