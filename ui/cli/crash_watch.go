package cli

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
	"dhtop/ui/terminal"
)

// watcher returns the command that watches the explorer for a crash and saves the stack trace in dir, or in the
// default data directory.
func watcher(dir string) []string {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	if dir == "" {
		dir, _ = settings.DefaultDataDir() // "" is the directory for temporary files
	}
	return []string{program, crashWatch, dir}
}

// crashWatch is the name of a command that nobody types.
const crashWatch = "crash-watch"

func crashWatchCommand(std console.Streams) *cobra.Command {
	return &cobra.Command{
		Use: crashWatch + " DIR", Short: "Restore the terminal when the explorer crashes",
		Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT) // they are for the explorer
			out, ok := std.Out.(*os.File)
			if !ok {
				return errors.New("the output is not a file")
			}
			return terminal.WatchForCrash(std.In, out, args[0])
		},
	}
}
