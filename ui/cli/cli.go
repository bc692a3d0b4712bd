// Package cli is the command line of dhtop: its commands and flags, its configuration with its
// sources, its exit codes.
//
// main calls Main with the process's arguments and streams, tests with their own. Each command is a
// file: it opens a dhtcore.Explorer, runs it until it is done or interrupted, and prints Snapshots
// through views/report, or hands it to package ui. Errors are printed in one place, here.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit codes of the contract.
const (
	exitDone        = 0
	exitNothing     = 1 // nothing found, or a check failed
	exitUsage       = 2 // wrong usage, or it could not start
	exitInterrupted = 130
)

// exit is an error that ends the program with a code of its own. Its text may be empty when all has
// been said.
type exit struct {
	code int
	text string
}

func (e *exit) Error() string { return e.text }

// errInterrupted ends a command that a signal stopped after it printed what it had.
var errInterrupted = &exit{code: exitInterrupted}

// errSignal is the cause of a context that SIGINT or SIGTERM ended.
var errSignal = errors.New("interrupted")

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// withDeadline returns the same streams for a command that must end within a second of a signal, even if
// nobody reads what it writes. ctx ends with the signal.
func (s streams) withDeadline(ctx context.Context) streams {
	return streams{s.in, newDeadlineWriter(ctx.Done(), s.out), newDeadlineWriter(ctx.Done(), s.err)}
}

// Main runs the command that args name and returns the process's exit code.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	return run(ctx, args, streams{in, out, errOut})
}

// run is Main until ctx ends.
func run(ctx context.Context, args []string, screen streams) int {
	std := screen.withDeadline(ctx)
	root := newRoot(screen, std)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var e *exit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		if e.text != "" {
			fmt.Fprintln(std.err, "dhtop:", e.text)
		}
		return e.code
	}
	fmt.Fprintln(std.err, "dhtop:", err)
	return exitUsage
}

// withSignals returns a context that SIGINT, SIGTERM and SIGHUP end with errSignal as its cause. A
// second signal kills the process, as the handler is gone by then.
func withSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			cancel(errSignal)
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// ended returns errInterrupted when a signal ended ctx, nil when its time was over.
func ended(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), errSignal) {
		return errInterrupted
	}
	return nil
}

// newRoot returns the command with all its commands. The explorer has the screen itself, the others write
// to std.
func newRoot(screen, std streams) *cobra.Command {
	root := exploreCommand(screen, "dhtop", "top for the BitTorrent DHT: the terminal explorer on Mainline", false)
	root.Version = version()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.SetVersionTemplate("dhtop {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see '%s --help'", err, cmd.CommandPath())
	})
	root.AddCommand(
		exploreCommand(screen, "demo", "the terminal explorer on an embedded network; nothing leaves loopback", true),
		crawlCommand(std), peersCommand(std), announceCommand(std), getCommand(std), putCommand(std), serveCommand(std), exportCommand(std), importCommand(std), manCommand(std), crashWatchCommand(screen), versionCommand(std),
	)
	return root
}
