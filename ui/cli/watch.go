package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dhtop/dhtcore/human"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// The verbs of the watch command; without one it shows how all is.
const (
	watchAdd    = "add"
	watchRemove = "rm"
	watchShow   = "list"
	watchImport = "import"
)

var watchVerbs = []string{watchAdd, watchRemove, watchShow, watchImport}

func watchCommand(std console.Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use: "watch [add|rm|list|import] [WHAT...]", Short: "Watch torrents and items, and tell when they change",
		Long: `Show what is watched, and the alerts that fire. add and rm change the list, list
prints it in the form of --watch FILE, and import reads such files. rm takes labels,
too. The dhtop that uses the data directory is told, or the store changed where none
does; --to names a dhtop elsewhere, as 'dhtop attach' takes it, with its token.

--ndjson prints alerts as they happen, of that dhtop or of a node of its own.`,
		Args: watchArgs, ValidArgsFunction: completeWatch,
		Example: "dhtop watch add 2d066c94480adcf5b7ab60065f24e681a57e011f --min-seeds 3",
		RunE:    func(cmd *cobra.Command, args []string) error { return watch(cmd, std, args) },
	}
	explain(cmd, "WHAT:     a hash, a magnet link, a .torrent file, a directory of them, pk:KEY;\nrm also takes a label, import a file of these or - for standard input")
	f := cmd.Flags()
	f.String("label", "", "Call it `NAME`")
	f.Int("min-seeds", 0, "Alert when there are fewer than `N` seeds")
	f.Bool("scrape", false, "Ask the trackers of the torrent as well")
	f.String("to", "", "Use the list of the dhtop at `TARGET`; http://HOST:PORT, unix:PATH, or a name in the table [targets] of the configuration file")
	f.String("token-file", "", "Send the token in `FILE`; without it, the one in DHTOP_TOKEN")
	f.String("salt", "", "Watch the item of pk:KEY with the salt `TEXT`")
	settings.Define(f, settings.Without(settings.Network(), settings.GroupDemo), settings.Store(), settings.Watch(), settings.Output())
	hide(f, "names", "max-hashes", "keep")
	return cmd
}

// watchArgs checks the arguments of the watch command.
func watchArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	switch verb, rest := args[0], args[1:]; {
	case !slices.Contains(watchVerbs, verb):
		return fmt.Errorf("%q is nothing that 'dhtop watch' does%s", verb, human.DidYouMean(verb, watchVerbs, ": want add, rm, list or import, as in 'dhtop watch add HASH'"))
	case verb == watchShow && len(rest) > 0:
		return fmt.Errorf("%q: 'dhtop watch list' takes no argument", rest[0])
	case verb != watchShow && len(rest) == 0 && verb == watchImport:
		return errors.New("no file given: name one in the form of --watch FILE, or - for standard input")
	case verb != watchShow && len(rest) == 0:
		return errors.New("nothing given: name hashes, magnet links, .torrent files, directories of them, or pk: and a public key")
	}
	return nil
}

func completeWatch(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	switch {
	case len(args) == 0:
		return slices.DeleteFunc(slices.Clone(watchVerbs), func(verb string) bool { return !strings.HasPrefix(verb, begun) }), cobra.ShellCompDirectiveNoFileComp
	case args[0] == watchAdd, args[0] == watchRemove:
		return []string{"torrent"}, cobra.ShellCompDirectiveFilterFileExt
	case args[0] == watchImport:
		return nil, cobra.ShellCompDirectiveDefault
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

func watch(cmd *cobra.Command, std console.Streams, args []string) error {
	c, err := newInvocation(cmd, std)
	if err != nil {
		return err
	}
	defer c.out.Discard()
	if len(args) > 0 && args[0] != watchShow {
		return c.changeWatch(args[0], args[1:])
	}
	if err := c.onlyToAdd("label", "min-seeds", "scrape", "salt"); err != nil {
		return err
	}
	if len(args) == 0 && c.out.NDJSON {
		return c.followAlerts()
	}
	list, err := c.readWatch()
	if err != nil {
		return err
	}
	switch {
	case len(args) > 0 && c.out.Plain():
		err = report.WriteWatchLines(c.out, list.Entries)
	case len(args) > 0 && c.out.CSV:
		err = report.WriteWatch(c.out, report.CSV, list.Entries)
	case len(args) > 0 && c.out.NDJSON:
		err = report.WriteWatch(c.out, report.NDJSON, list.Entries)
	case len(args) > 0:
		err = report.WriteWatch(c.out, report.JSON, list.Entries)
	case c.out.Plain() && len(list.Entries)+len(list.Alerts) == 0:
		return exit.With(exit.Nothing, "nothing is watched yet: add something with 'dhtop watch add WHAT', or with W in the explorer")
	default:
		err = c.out.Print(list)
	}
	if err != nil {
		return err
	}
	return c.out.Commit()
}
