package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

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
