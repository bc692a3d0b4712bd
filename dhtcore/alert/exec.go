package alert

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/watch"
)

// execute runs a command for an alert. Its arguments follow those of the command, never through a shell:
//
//	fired|cleared RULE HASH NAME SENTENCE
//
// HASH is that of the entry, or the target of an item; "-" for the node itself, as is NAME. An argument that would look like
// an option to the command begins with a space. The command has the JSON of the web hook on its standard input.
func execute(command []string) func(ctx context.Context, a *watch.Alert) error {
	return func(ctx context.Context, a *watch.Alert) error {
		ctx, cancel := context.WithTimeout(ctx, execLimit)
		defer cancel()
		args := append(append([]string(nil), command[1:]...), arguments(a)...)
		cmd := exec.CommandContext(ctx, command[0], args...)
		cmd.Stdin = bytes.NewReader(encode(a))
		cmd.WaitDelay = time.Second
		var out tail
		cmd.Stderr = &out
		err := cmd.Run()
		switch {
		case err == nil:
			return nil
		case errors.Is(ctx.Err(), context.DeadlineExceeded):
			return fmt.Errorf("%s did not end in %s: it was killed", command[0], execLimit)
		}
		if said := strings.TrimSpace(printable.String(out.String())); said != "" {
			return fmt.Errorf("%s: %w: %s", command[0], err, said)
		}
		return fmt.Errorf("%s: %w", command[0], err)
	}
}

// arguments are the arguments of the command.
func arguments(a *watch.Alert) []string {
	verb, hash, name := "fired", "-", "-"
	if !a.Firing() {
		verb = "cleared"
	}
	if !a.Kind.OfNode() {
		hash, name = a.Target.String(), a.Name
	}
	args := []string{verb, a.Kind.String(), hash, name, a.Text}
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' {
			args[i] = " " + arg
		}
	}
	return args
}

// tail keeps the first bytes of what a command says.
type tail struct{ bytes.Buffer }

const mostSaid = 200

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.Buffer.Write(b[:min(len(b), max(0, mostSaid-t.Len()))])
	return len(b), nil
}
