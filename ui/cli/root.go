package cli

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore/human"
	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// command is a row of the table of commands.
type command struct {
	group string // "" for one that nobody types
	*cobra.Command
}

// commands are all commands but the root. The explorer has the screen itself, the others write to std.
func commands(screen, std console.Streams) []command {
	return []command{
		{groupExplore, demoCommand(screen)},
		{groupExplore, attachCommand(screen)},
		{groupExplore, crawlCommand(std)},
		{groupExplore, serveCommand(std)},
		{groupExplore, trackerCommand(std)},
		{groupExplore, watchCommand(std)},
		{groupExplore, replayCommand(screen, std)},
		{groupQuery, peersCommand(std)},
		{groupQuery, trackersCommand(std)},
		{groupQuery, announceCommand(std)},
		{groupQuery, getCommand(std)},
		{groupQuery, putCommand(std)},
		{groupCounts, exportCommand(std)},
		{groupCounts, importCommand(std)},
		{groupMisc, doctorCommand(std)},
		{groupMisc, configCommand(std)},
		{groupMisc, manCommand(std)},
		{groupMisc, versionCommand(std)},
		{"", crashWatchCommand(screen)},
	}
}

// newRoot returns the explorer's command with all others below it.
func newRoot(screen, std console.Streams) *cobra.Command {
	root := mainlineCommand(screen)
	root.Version = version()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	root.SetVersionTemplate("dhtop {{.Version}}\n")
	root.SetHelpFunc(helpFunc(std))
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
	all := settings.Everywhere()
	for c := range tree(root) {
		settings.Accept(c.Flags(), all)
	}
	root.SetGlobalNormalizationFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		return pflag.NormalizedName(config.Name(name))
	})
	return root
}

// tree yields a command and all below it.
func tree(c *cobra.Command) iter.Seq[*cobra.Command] {
	return func(yield func(*cobra.Command) bool) {
		for _, sub := range c.Commands() {
			for below := range tree(sub) {
				if !yield(below) {
					return
				}
			}
		}
		yield(c)
	}
}

// restyle gives cobra's own commands the style of ours.
func restyle(root *cobra.Command) {
	for _, c := range root.Commands() {
		switch c.Name() {
		case "help":
			c.Short, c.Long, c.Example = "Show the help of a command", "", "dhtop help peers network"
			c.Use = "help [COMMAND] [GROUP]"
			c.Flags().Bool(allHelp, false, "Show all flags")
			c.Run, c.RunE = nil, helpOf
		case "completion":
			c.Short, c.Long = "Print a completion script for a shell", ""
			c.Args, c.RunE = knownSubcommand, func(c *cobra.Command, _ []string) error { return c.Help() }
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
		err = fmt.Errorf("--%s %q: want %s", f.Name, invalid.GetValue(), config.Want(f))
	}
	if missing := (*pflag.ValueRequiredError)(nil); errors.As(err, &missing) {
		f := missing.GetFlag()
		err = fmt.Errorf("--%s needs a value: want %s", f.Name, config.Want(f))
	}
	if unknown := (*pflag.NotExistError)(nil); errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		name := cmp.Or(unknown.GetSpecifiedShortnames(), unknown.GetSpecifiedName()) // -for is meant as --for
		if near := human.Nearest(config.Name(name), names); near != "" {
			err = fmt.Errorf("%w: did you mean --%s?", err, near)
			return fmt.Errorf("%w See '%s --help'", err, cmd.CommandPath())
		}
	}
	return fmt.Errorf("%w: see '%s --help'", err, cmd.CommandPath())
}

// helpOf shows the help of the command that args name.
func helpOf(help *cobra.Command, args []string) error {
	cmd, topic := help.Root(), ""
	if all, _ := help.Flags().GetBool(allHelp); all {
		topic = allHelp
	}
	for n, name := range args {
		i := slices.IndexFunc(cmd.Commands(), func(c *cobra.Command) bool { return c.Name() == name })
		if i < 0 && n == len(args)-1 && (name == allHelp || topicOf(name, groupFlags(cmd)) >= 0) {
			topic = name
			break
		}
		if i < 0 {
			return unknownCommand(cmd, name)
		}
		cmd = cmd.Commands()[i]
	}
	cmd.InitDefaultHelpFlag()
	cmd.HelpFunc()(cmd, []string{"--help", topic})
	return nil
}

// knownSubcommand accepts no argument: a right one would have been the name of a command.
func knownSubcommand(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return unknownCommand(cmd, args[0])
	}
	return nil
}

// unknownCommand is the error about a name that no command below cmd has.
func unknownCommand(cmd *cobra.Command, name string) error {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			names = append(names, c.Name())
		}
	}
	if near := human.Nearest(name, names); near != "" {
		return fmt.Errorf("unknown command %q: did you mean %q? See '%s --help'", name, near, cmd.CommandPath())
	}
	return fmt.Errorf("unknown command %q: see '%s --help'", name, cmd.CommandPath())
}
