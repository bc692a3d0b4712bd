package cli

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

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
	if err != nil {
		return err
	}
	s.explorer.Crawl, s.explorer.Recall = demo, true
	r, err := openServed(cmd, s)
	if err != nil {
		return err
	}
	defer r.wait()
	screenErr := ui.Run(r.ctx, r.Explorer, ui.Config{Theme: look, ASCII: s.ascii, Mask: s.mask, Watcher: watcher(s.explorer.DataDir)})
	if err := r.close(); err != nil {
		return err
	}
	return screenErr
}
