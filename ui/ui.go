// Package ui is the terminal program: keys in, frames out. ui/cli calls Run with a function that opens a
// Core, such as an Explorer that it runs.
//
// Data comes as Snapshots, which the Model pulls with a timer of its own (refresh.go). The core never sends to
// the program, as Bubble Tea draws once per message. Keys go through one table, Actions, which also makes the
// help, the hint line and the key table of the README. An action that changes the network is one method call
// on the Explorer; its effect is in the next Snapshot. Package views draws the screen from the Snapshot and the
// State in the Model. Everything but the writing of files runs on Bubble Tea's goroutine, so the only lock is
// that of the terminal. A second process handles crashes, see terminal.WatchForCrash.
package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"dhtop/dhtcore"
	"dhtop/ui/terminal"
	"dhtop/views/theme"
)

// Config is how the screen starts.
type Config struct {
	Theme *theme.Theme // nil picks one by the environment
	ASCII bool         // draw with ASCII only
	Mask  bool         // start with addresses masked
	Lab   bool         // start with the pane of the lab

	Terminal dhtcore.Terminal // what the doctor says of it, without its size

	Input  io.Reader // keys; nil for the terminal
	Output *os.File  // nil for stdout; must be a terminal

	Watcher []string // a command that calls terminal.WatchForCrash on its stdin and stdout; nil for none
}

// Run shows a splash at once and then the Core that open returns, until the user quits, the terminal is lost
// or ctx ends, as it should with a signal. Then it restores the terminal. The end of ctx is not an error. The
// Explorer keeps running; open may still be running if the user quits early. Run returns the error of open.
func Run(ctx context.Context, open Opener, cfg Config) error {
	return RunAll(ctx, []Target{{Open: open}}, cfg)
}

// Target is a node that RunAll can show.
type Target struct {
	Name string // what people call it
	Open Opener

	// Progress says how far Open is, for the splash; "" for nothing to say, nil for an Open that never takes long.
	Progress func() string
}

// RunAll is Run for several nodes, of which the keys show one at a time: the first one at first.
func RunAll(ctx context.Context, nodes []Target, cfg Config) error {
	if cfg.Output == nil {
		cfg.Output = os.Stdout
	}
	if !term.IsTerminal(cfg.Output.Fd()) {
		return errors.New("the explorer needs a terminal: use 'dhtop crawl', 'dhtop peers' or 'dhtop serve' in a pipe")
	}
	if cfg.Theme == nil {
		th, err := theme.Pick("", os.Getenv)
		if err != nil {
			return err
		}
		cfg.Theme = th
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the pending tick, too

	out := terminal.NewOutput(cfg.Output, stop)
	from := os.Stdin
	if f, is := cfg.Input.(*os.File); is {
		from = f
	}
	kbd := terminal.NewKeyboard(from)
	models, names := make([]*Model, len(nodes)), make([]string, len(nodes))
	for i, node := range nodes {
		m := newModel(ctx, Core{}, cfg, out)
		m.startup.opener, m.startup.progress, m.kbd = node.Open, node.Progress, kbd
		if terminal.CanStop {
			m.stop = terminal.StopProcess
		}
		models[i], names[i] = m, node.Name
	}
	shown := &renderer{Model: models[0], out: out}
	if len(models) > 1 {
		shown.targets = newTargets(models, names)
	}
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithOutput(out),
		tea.WithoutRenderer()}
	if len(cfg.Watcher) > 0 {
		if leave, err := terminal.StartWatcher(cfg.Watcher, cfg.Output); err == nil {
			defer leave()
			debug.SetTraceback("all") // the other stacks show what hangs or holds a lock
			opts = append(opts, tea.WithoutCatchPanics())
		}
	}
	if cfg.Input != nil {
		opts = append(opts, tea.WithInput(cfg.Input))
	}
	if err := kbd.MakeRaw(); err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	defer kbd.Restore()
	resized := make(chan os.Signal, 1)
	terminal.NotifyResize(resized)
	shown.resized = resized
	defer signal.Stop(resized)
	out.WriteString(terminal.EnterScreen + terminal.EnableMouse) //nolint:errcheck // out notices a terminal that is gone
	_, err := tea.NewProgram(shown, opts...).Run()
	out.WriteString(terminal.LeaveScreen) //nolint:errcheck // as above
	for _, m := range models {
		if m.core.Close != nil {
			defer m.core.Close()
		}
		if m.startup.err != nil {
			return m.startup.err
		}
	}
	switch {
	case ctx.Err() != nil && !errors.Is(err, tea.ErrProgramPanic):
		return nil
	case err != nil:
		return fmt.Errorf("terminal: %w", err)
	}
	if shown.keepFrame {
		_, err = fmt.Fprint(cfg.Output, strings.ReplaceAll(shown.Model.View()+"\n", "\n", "\r\n"))
	}
	return err
}
