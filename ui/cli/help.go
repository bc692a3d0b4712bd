package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// The groups of commands.
const (
	groupExplore = "explore"
	groupQuery   = "query"
	groupCounts  = "counts"
	groupMisc    = "misc"
)

func commandGroups() []*cobra.Group {
	return []*cobra.Group{
		{ID: groupExplore, Title: "Run a node"},
		{ID: groupQuery, Title: "Query the network"},
		{ID: groupCounts, Title: "Use what was counted"},
		{ID: groupMisc, Title: "Other commands"},
	}
}

// The help without a topic fits a screen of 80x24 with the prompt below it. A command with many flags of its own
// takes more lines; none has more than maxHelpLines.
const (
	helpWidth    = 80
	helpLines    = 23
	maxHelpLines = 40
)

// allHelp is the topic of the help that has every flag.
const allHelp = "all"

// helpFunc returns cobra's help: one screen about a command, or with a topic behind --help, a group of its flags or
// all of them. std.out tells the width.
func helpFunc(std console.Streams) func(*cobra.Command, []string) {
	return func(cmd *cobra.Command, args []string) {
		topic := ""
		if i := slices.IndexFunc(args, func(a string) bool { return a == "--help" || a == "-h" }); i >= 0 && i+1 < len(args) {
			topic = args[i+1]
		}
		writeHelp(cmd.OutOrStdout(), cmd, topic, console.Width(std.Out, helpWidth))
	}
}

// writeHelp writes the help of a command: the group of flags that topic names, all of it, or what fits a screen.
func writeHelp(w io.Writer, cmd *cobra.Command, topic string, width int) {
	width = min(width, helpWidth)
	groups := groupFlags(cmd)
	switch {
	case topic == allHelp:
		writeIntroduction(w, cmd, true)
		for i := range groups {
			fmt.Fprintf(w, "\n%s:\n%s", groups[i].title(), formatFlags(groups[i].flags, width, false))
		}
	case topicOf(topic, groups) >= 0:
		g := groups[topicOf(topic, groups)]
		fmt.Fprintf(w, "%s:\n%s", g.title(), formatFlags(g.flags, width, false))
	default:
		writeScreen(w, cmd, groups, width)
	}
}

// writeIntroduction writes what a command does, how it is called, an example and its subcommands.
func writeIntroduction(w io.Writer, cmd *cobra.Command, long bool) {
	about := cmd.Short
	if long && cmd.Long != "" {
		about = cmd.Long
	}
	fmt.Fprintf(w, "%s\n\nUsage:    %s\n", about, cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "          %s COMMAND [flags]\n", cmd.CommandPath())
	}
	if of := cmd.Annotations[argumentAnnotation]; of != "" && !long {
		fmt.Fprintln(w, strings.ReplaceAll(of, "\n", "\n          "))
	}
	if cmd.Example != "" {
		fmt.Fprintf(w, "Example:  %s\n", strings.ReplaceAll(cmd.Example, "\n", "\n          "))
	}
	if cmd.HasAvailableSubCommands() {
		writeCommands(w, cmd)
	}
}

// writeScreen writes the help that fits a screen: the flags of the command itself and of its output, and of those
// that many commands share the most asked ones.
func writeScreen(w io.Writer, cmd *cobra.Command, groups []flagsOfGroup, width int) {
	var head, output strings.Builder
	writeIntroduction(&head, cmd, false)
	var own []*pflag.Flag
	var topics []string
	for _, g := range groups {
		switch g.group {
		case settings.GroupOwn:
			own = slices.DeleteFunc(slices.Clone(g.flags), func(f *pflag.Flag) bool { return f.Name == "help" })
		case settings.GroupOutput:
			fmt.Fprintf(&output, "%s:\n%s", g.title(), formatFlags(g.flags, width, true))
		default:
			topics = append(topics, g.group.Topic())
		}
	}
	foot := wrapWords("More flags: "+strings.Join(topics, ", "), width) +
		fmt.Sprintf("\nSee '%s --help GROUP' or '%s --help all'.\n", cmd.CommandPath(), cmd.CommandPath())
	if len(topics) == 0 {
		foot = ""
	}
	if cmd.HasAvailableSubCommands() {
		foot += fmt.Sprintf("See '%s COMMAND --help' for more about a command.\n", cmd.CommandPath())
	}
	fixed := strings.Count(head.String(), "\n") + strings.Count(output.String(), "\n") + strings.Count(foot, "\n") + 3
	for _, name := range mostAsked {
		f := cmd.Flags().Lookup(name)
		if f == nil || f.Hidden || slices.Contains(own, f) {
			continue
		}
		if more := append(slices.Clone(own), f); fixed+strings.Count(formatFlags(more, width, true), "\n") <= helpLines {
			own = more
		}
	}
	io.WriteString(w, head.String()) //nolint:errcheck // nobody reads it then
	if len(own)+output.Len() > 0 {
		fmt.Fprintln(w)
	}
	if len(own) > 0 {
		fmt.Fprintf(w, "%s:\n%s", settings.GroupOwn.Title(), formatFlags(own, width, true))
	}
	io.WriteString(w, output.String()) //nolint:errcheck // as above
	if foot != "" {
		fmt.Fprintf(w, "\n%s", foot)
	}
}

func writeCommands(w io.Writer, cmd *cobra.Command) {
	groups := cmd.Groups()
	if len(groups) == 0 {
		groups = []*cobra.Group{{Title: "Commands"}}
	}
	fmt.Fprintln(w)
	for _, g := range groups {
		fmt.Fprintf(w, "%s:\n", g.Title)
		for _, c := range cmd.Commands() {
			if c.GroupID == g.ID && (c.IsAvailableCommand() || c.Name() == "help") {
				fmt.Fprintf(w, "  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short)
			}
		}
	}
}

// argumentAnnotation is the key of what the help says about the arguments of a command.
const argumentAnnotation = "argument"

// explain says what the arguments of a command are, in lines that begin with their name, a colon and spaces to
// column 10, as the lines of the help do.
func explain(cmd *cobra.Command, arguments string) {
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[argumentAnnotation] = arguments
}

// hide takes flags out of the help of a command because they do nothing there. It accepts them all the same, so that
// scripts and files can set them for all commands.
func hide(f *pflag.FlagSet, names ...string) {
	for _, name := range names {
		f.MarkHidden(name) //nolint:errcheck // a flag that is not there is in no help
	}
}
