package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// command is a row of the table of commands.
type command struct {
	group string // "" for one that nobody types
	*cobra.Command
}

// commands are all commands but the root. The explorer has the screen itself, the others write to std.
func commands(screen, std streams) []command {
	return []command{
		{groupExplore, demoCommand(screen)},
		{groupExplore, crawlCommand(std)},
		{groupExplore, serveCommand(std)},
		{groupQuery, peersCommand(std)},
		{groupQuery, announceCommand(std)},
		{groupQuery, getCommand(std)},
		{groupQuery, putCommand(std)},
		{groupCounts, exportCommand(std)},
		{groupCounts, importCommand(std)},
		{groupMisc, manCommand(std)},
		{groupMisc, versionCommand(std)},
		{"", crashWatchCommand(screen)},
	}
}

// newRoot returns the explorer's command with all others below it.
func newRoot(screen, std streams) *cobra.Command {
	root := mainlineCommand(screen)
	root.Version = version()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.SetVersionTemplate("dhtop {{.Version}}\n")
	root.SetUsageFunc(usageFunc(std))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see '%s --help'", err, cmd.CommandPath())
	})
	root.AddGroup(commandGroups()...)
	for _, c := range commands(screen, std) {
		c.GroupID = c.group
		root.AddCommand(c.Command)
	}
	root.SetHelpCommandGroupID(groupMisc)
	root.SetCompletionCommandGroupID(groupMisc)
	return root
}
