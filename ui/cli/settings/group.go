package settings

import (
	"strings"

	"github.com/spf13/pflag"
)

// Group is the heading of some flags in the help.
type Group string

// The groups of flags, in the order of the help. A flag without a group belongs to one command alone.
const (
	GroupOwn     Group = ""
	GroupOutput  Group = "Output"
	GroupSearch  Group = "Search"
	GroupScreen  Group = "Screen"
	groupGeneral Group = "General"
	GroupNetwork Group = "Network"
	GroupLimits  Group = "Limits"
	groupStorage Group = "Storage"
	groupHTTP    Group = "HTTP API"
	groupTracker Group = "Tracker"
	groupWatch   Group = "Watch list"
	GroupDemo    Group = "Demo network"
)

func Groups() []Group {
	return []Group{
		GroupOwn, GroupOutput, GroupSearch, GroupScreen, groupGeneral,
		GroupNetwork, GroupLimits, groupStorage, groupHTTP, groupTracker, groupWatch, GroupDemo,
	}
}

// groupAnnotation is the key of a flag's group among its annotations.
const groupAnnotation = "group"

func (g Group) Title() string {
	if g == GroupOwn {
		return "Flags"
	}
	return string(g)
}

// Topic is what one types for a group behind --help.
func (g Group) Topic() string {
	first, _, _ := strings.Cut(strings.ToLower(g.Title()), " ")
	return first
}

// GroupOf returns the group of a flag.
func GroupOf(f *pflag.Flag) Group {
	if names := f.Annotations[groupAnnotation]; len(names) > 0 {
		return Group(names[0])
	}
	return GroupOwn
}

// SetGroup moves flags of one command out of its short help into that of a group.
func SetGroup(f *pflag.FlagSet, g Group, names ...string) {
	for _, name := range names {
		f.SetAnnotation(name, groupAnnotation, []string{string(g)}) //nolint:errcheck // the flag exists
	}
}
