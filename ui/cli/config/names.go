package config

import (
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// notSettings are flags that are about one call of the program: --all is of "dhtop help", --default of "dhtop config".
var notSettings = []string{"help", "version", "config", "all", "default"}

// IsSetting reports whether the flag of that name is a setting.
func IsSetting(name string) bool { return !slices.Contains(notSettings, name) }

// settingNames are the names of the flags of all commands.
func settingNames(root *cobra.Command) []string {
	names := map[string]bool{}
	for _, c := range append(root.Commands(), root) {
		c.Flags().VisitAll(func(f *pflag.Flag) { names[f.Name] = IsSetting(f.Name) })
	}
	maps.DeleteFunc(names, func(_ string, setting bool) bool { return !setting })
	return slices.Sorted(maps.Keys(names))
}

// Commands returns the commands that have settings, which tables of the file may be for: by name, the explorer first.
func Commands(root *cobra.Command) []*cobra.Command {
	all := append([]*cobra.Command{root}, root.Commands()...)
	return slices.DeleteFunc(all, func(c *cobra.Command) bool { return c.Flags().Lookup("config") == nil || c.Name() == "config" })
}
