package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"dhtop/dhtcore"
	"dhtop/ui"
	"dhtop/views/theme"
)

// exploreCommand is the terminal explorer, on Mainline or on the embedded network.
func exploreCommand(std streams, use, short string, demo bool) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return explore(cmd, std, demo) },
	}
	networkFlags(cmd.Flags())
	screenFlags(cmd.Flags())
	httpFlags(cmd.Flags(), httpOff)
	return cmd
}

// watcher is the command that stands by for a crash of the terminal explorer and keeps the stack in dir, or
// where other commands would have their data.
func watcher(dir string) []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	if dir == "" {
		dir, _ = defaultDataDir() //nolint:errcheck // "" is the directory for temporary files
	}
	return []string{program, crashWatch, dir}
}

// crashWatch is the name of the command that nobody types.
const crashWatch = "crash-watch"

func crashWatchCommand(std streams) *cobra.Command {
	return &cobra.Command{
		Use: crashWatch + " DIR", Short: "stand by for a crash of the terminal explorer", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT) // they are for the explorer
			out, ok := std.out.(*os.File)
			if !ok {
				return errors.New("the output is no file")
			}
			return ui.WatchForCrash(std.in, out, args[0])
		},
	}
}

func explore(cmd *cobra.Command, std streams, demo bool) error {
	if demo {
		cmd.Flags().Set("demo", "true") //nolint:errcheck // a bool flag that exists
	}
	s, err := explorerSettings(cmd)
	if err != nil {
		return err
	}
	if !isTerminal(std.out) || !isTerminal(std.in) {
		return errors.New("the explorer needs a terminal: see 'dhtop crawl', 'peers' and 'serve' for pipes")
	}
	if s.noColor && s.theme == "" {
		s.theme = "mono"
	}
	look, err := theme.Pick(s.theme, os.Getenv)
	if err == nil {
		look, err = look.PickGraphs(s.graphs, os.Getenv)
	}
	if err != nil {
		return err
	}
	s.explorer.Crawl, s.explorer.Recall = demo, true
	o := newOpening(cmd, s)
	defer o.stop()
	screenErr := ui.Run(o.ctx, o.open, ui.Config{Theme: look, ASCII: s.ascii, Mask: s.mask, Watcher: watcher(s.explorer.DataDir)})
	return o.end(screenErr)
}

// opening is a session that is opened behind the splash, as a store can be large or far away.
type opening struct {
	cmd  *cobra.Command
	set  settings
	ctx  context.Context // ends with the signal, or with the session
	stop context.CancelFunc
	done chan outcome // of open, at most one
}

// outcome is what came of opening a session.
type outcome struct {
	served
	err error
}

func newOpening(cmd *cobra.Command, s settings) *opening {
	o := &opening{cmd: cmd, set: s, done: make(chan outcome, 1)}
	o.ctx, o.stop = context.WithCancel(cmd.Context())
	return o
}

// open opens the session. It is called once, on a goroutine of the screen.
func (o *opening) open() (*dhtcore.Explorer, error) {
	r, err := openServed(o.cmd, o.set)
	o.done <- outcome{r, err}
	if err != nil {
		return nil, err
	}
	context.AfterFunc(r.ctx, o.stop)
	return r.Explorer, nil
}

// end closes the session after the screen and returns what is to be told of both. A session that nobody
// waited for goes with the process: nothing has been asked of the network, nothing is to be saved.
func (o *opening) end(screenErr error) error {
	select {
	case r := <-o.done:
		if r.err != nil {
			return r.err
		}
		defer r.wait()
		if err := r.close(); err != nil {
			return err
		}
	default:
		if err := ended(o.cmd.Context()); err != nil {
			return err
		}
	}
	return screenErr
}
