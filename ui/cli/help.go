package cli

import (
	"cmp"
	"fmt"
	"io"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagGroup is the heading of some flags in the help.
type flagGroup string

// The groups of flags, in the order of the help. A flag without a group belongs to one command alone.
const (
	groupOwn     flagGroup = ""
	groupOutput  flagGroup = "Output"
	groupSearch  flagGroup = "Search"
	groupScreen  flagGroup = "Screen"
	groupGeneral flagGroup = "General"
	groupNetwork flagGroup = "Network"
	groupLimits  flagGroup = "Limits"
	groupStorage flagGroup = "Storage"
	groupHTTP    flagGroup = "HTTP API"
	groupDemo    flagGroup = "Embedded network"
)

func flagGroups() []flagGroup {
	return []flagGroup{
		groupOwn, groupOutput, groupSearch, groupScreen, groupGeneral,
		groupNetwork, groupLimits, groupStorage, groupHTTP, groupDemo,
	}
}

// groupAnnotation is the key of a flag's group among its annotations.
const groupAnnotation = "group"

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

// helpWidth is how wide the help is where the width of the terminal is unknown, or more.
const helpWidth = 100

// usageFunc returns cobra's usage text with the commands and the flags in groups. std.out tells the width.
func usageFunc(std streams) func(*cobra.Command) error {
	return func(cmd *cobra.Command) error {
		w := cmd.OutOrStderr()
		fmt.Fprintf(w, "Usage:\n  %s\n", cmd.UseLine())
		if cmd.HasAvailableSubCommands() {
			fmt.Fprintf(w, "  %s COMMAND [flags]\n", cmd.CommandPath())
			writeCommands(w, cmd)
		}
		writeFlags(w, cmd, min(terminalWidth(std.out, helpWidth), helpWidth))
		if cmd.HasAvailableSubCommands() {
			fmt.Fprintf(w, "\nSee '%s COMMAND --help' for more about a command.\n", cmd.CommandPath())
		}
		return nil
	}
}

func writeCommands(w io.Writer, cmd *cobra.Command) {
	groups := cmd.Groups()
	if len(groups) == 0 {
		groups = []*cobra.Group{{Title: "Commands"}}
	}
	for _, g := range groups {
		fmt.Fprintf(w, "\n%s:\n", g.Title)
		for _, c := range cmd.Commands() {
			if c.GroupID == g.ID && (c.IsAvailableCommand() || c.Name() == "help") {
				fmt.Fprintf(w, "  %-*s  %s\n", cmd.NamePadding(), c.Name(), c.Short)
			}
		}
	}
}

func writeFlags(w io.Writer, cmd *cobra.Command, width int) {
	byGroup := map[flagGroup]*pflag.FlagSet{}
	add := func(f *pflag.Flag) {
		group := groupOwn
		if names := f.Annotations[groupAnnotation]; len(names) > 0 {
			group = flagGroup(names[0])
		}
		if byGroup[group] == nil {
			byGroup[group] = pflag.NewFlagSet("", pflag.ContinueOnError)
			byGroup[group].SortFlags = false
		}
		byGroup[group].AddFlag(f)
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	for _, group := range flagGroups() {
		if flags := byGroup[group]; flags != nil && flags.HasAvailableFlags() {
			fmt.Fprintf(w, "\n%s:\n%s", cmp.Or(group, "Flags"), flags.FlagUsagesWrapped(width))
		}
	}
}

// terminalWidth returns the width of the terminal that w is, or otherwise where it is none.
func terminalWidth(w any, otherwise int) int {
	f, ok := asFile(w)
	if !ok {
		return otherwise
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil || width < 1 {
		return otherwise
	}
	return width
}
