package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().BoolP("help", "h", false, "Show this help")
	root.Flags().BoolP("version", "v", false, "Print the version")
	root.AddGroup(commandGroups()...)
	for _, c := range commands(screen, std) {
		c.GroupID = c.group
		root.AddCommand(c.Command)
	}
	root.SetHelpCommandGroupID(groupMisc)
	root.SetCompletionCommandGroupID(groupMisc)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	restyle(root)
	return root
}

// restyle gives cobra's own commands the style of ours.
func restyle(root *cobra.Command) {
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short, c.Long = "Show the help of a command", ""
		case "completion":
			c.Short, c.Long = "Print a completion script for a shell", ""
			for _, shell := range c.Commands() {
				shell.Short = "Print the completion script for " + shell.Name()
				if f := shell.Flags().Lookup("no-descriptions"); f != nil {
					f.Usage = "Leave out the descriptions"
				}
			}
		}
	}
}

// flagError is what a person reads about a flag that could not be parsed.
func flagError(cmd *cobra.Command, err error) error {
	if invalid := (*pflag.InvalidValueError)(nil); errors.As(err, &invalid) {
		f := invalid.GetFlag()
		err = fmt.Errorf("--%s %q: want %s", f.Name, invalid.GetValue(), kinds[f.Value.Type()])
	}
	return fmt.Errorf("%w: see '%s --help'", err, cmd.CommandPath())
}
