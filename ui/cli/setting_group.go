package cli

import (
	"strings"

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
	groupTracker flagGroup = "Tracker"
	groupWatch   flagGroup = "Watch list"
	groupDemo    flagGroup = "Demo network"
)

func flagGroups() []flagGroup {
	return []flagGroup{
		groupOwn, groupOutput, groupSearch, groupScreen, groupGeneral,
		groupNetwork, groupLimits, groupStorage, groupHTTP, groupTracker, groupWatch, groupDemo,
	}
}

// groupAnnotation is the key of a flag's group among its annotations.
const groupAnnotation = "group"

func (g flagGroup) title() string {
	if g == groupOwn {
		return "Flags"
	}
	return string(g)
}

// topic is what one types for a group behind --help.
func (g flagGroup) topic() string {
	first, _, _ := strings.Cut(strings.ToLower(g.title()), " ")
	return first
}

// groupOf returns the group of a flag.
func groupOf(f *pflag.Flag) flagGroup {
	if names := f.Annotations[groupAnnotation]; len(names) > 0 {
		return flagGroup(names[0])
	}
	return groupOwn
}

// setGroup moves flags of one command out of its short help into that of a group.
func setGroup(f *pflag.FlagSet, g flagGroup, names ...string) {
	for _, name := range names {
		f.SetAnnotation(name, groupAnnotation, []string{string(g)}) //nolint:errcheck // the flag exists
	}
}
