package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// trackerVerbs are what the tracker command can do.
var trackerVerbs = []string{"add"}

func trackerCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "tracker add FILE...", Short: "Tell the tracker of a running 'dhtop serve' of torrents",
		Long: `Tell the tracker of a running 'dhtop serve' of torrents. It serves them from
then on, whatever its allow list has and after a restart too, and knows their
names.

FILE is a .torrent file, a directory of them, a magnet link, a hash, or - for one
of these a line on standard input. They are sent to the HTTP API of the dhtop that
serves this data directory, with its token. A dhtop that does not answer is tried
again after one second, then two, then four.

To ask other trackers about a torrent, see 'dhtop trackers'.`,
		Args: trackerVerb, ValidArgsFunction: completeTracker,
		Example: "dhtop tracker add linux.torrent isos/",
		RunE:    func(cmd *cobra.Command, args []string) error { return trackerAdd(cmd, std, args[1:]) },
	}
	explain(cmd, "FILE:     a .torrent file, a directory of them, a magnet link, a hash;\n- for one of these a line on standard input")
	settings.Define(cmd.Flags(), settings.Output(), settings.Store(), settings.HTTP(settings.HttpServe), settings.Pick(settings.Network(), "bind-device"))
	hide(cmd.Flags(), "store", "http", "http-host")
	cmd.Flags().String("to", "", "Send to the HTTP API at `URL`; http://HOST:PORT or unix:PATH; by default where serve listens")
	cmd.Flags().String("token-file", "", "Send the token in `FILE`; by default that of the data directory")
	cmd.Flags().Int("retries", defaultRetries, "Try `N` times more when nobody answers")
	return cmd
}

// trackerVerb checks the arguments of the tracker command.
func trackerVerb(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return errors.New("what is the tracker to do? 'dhtop tracker add FILE...' tells it of torrents, 'dhtop serve --tracker-http ADDR' runs one")
	case !slices.Contains(trackerVerbs, args[0]):
		return fmt.Errorf("%q is nothing that 'dhtop tracker' does: want 'dhtop tracker add FILE...', or 'dhtop trackers HASH' to ask trackers about a torrent", args[0])
	case len(args) == 1:
		return errors.New("no torrent given: name .torrent files, directories, magnet links or hashes, or - for standard input")
	}
	return nil
}

func completeTracker(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return []string{"torrent"}, cobra.ShellCompDirectiveFilterFileExt
	}
	return slices.DeleteFunc(slices.Clone(trackerVerbs), func(verb string) bool { return !strings.HasPrefix(verb, begun) }), cobra.ShellCompDirectiveNoFileComp
}
