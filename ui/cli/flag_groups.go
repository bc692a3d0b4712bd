package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/settings"
)

// mostAsked are those shared flags that the help of one screen has room for, the most asked first.
var mostAsked = []string{"demo", "timeout", "for", "names", "port", "bootstrap", "store", "mask-ips", "data", "http"}

// flagsOfGroup are the flags of one group that do something in a command.
type flagsOfGroup struct {
	group settings.Group
	flags []*pflag.Flag
}

func (g *flagsOfGroup) title() string { return g.group.Title() }

// groupFlags returns the flags of a command that its help lists, by group. No group is empty.
func groupFlags(cmd *cobra.Command) (groups []flagsOfGroup) {
	byGroup := map[settings.Group][]*pflag.Flag{}
	add := func(f *pflag.Flag) {
		if !f.Hidden && !slices.Contains(byGroup[settings.GroupOf(f)], f) {
			byGroup[settings.GroupOf(f)] = append(byGroup[settings.GroupOf(f)], f)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	for _, g := range settings.Groups() {
		if len(byGroup[g]) > 0 {
			groups = append(groups, flagsOfGroup{g, byGroup[g]})
		}
	}
	return groups
}

// topicOf returns the index of the group that a topic names, -1 for none.
func topicOf(topic string, groups []flagsOfGroup) int {
	return slices.IndexFunc(groups, func(g flagsOfGroup) bool { return g.group.Topic() == topic })
}

// formatFlags returns the lines of some flags. With brief, only the first clause of each usage.
func formatFlags(flags []*pflag.Flag, width int, brief bool) string {
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	set.SortFlags = false
	for _, f := range flags {
		shown := *f
		if brief {
			shown.Usage, _, _ = strings.Cut(f.Usage, ";")
		}
		if def := settings.Default(f); def != "" {
			shown.Usage += " (default " + def + ")"
		}
		shown.DefValue = settings.ZeroDefault(f.Value.Type()) // pflag would add it in its own style
		set.AddFlag(&shown)
	}
	return set.FlagUsagesWrapped(width)
}

// wrapWords breaks s into lines of at most width cells, all but the first indented.
func wrapWords(s string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(s) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteString("\n  ")
			column = 2
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
