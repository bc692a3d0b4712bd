// Package config gives the flags of a command their values: from the command line, the environment, the configuration
// file or their defaults, in that order.
//
// Package settings calls Load once a command runs; the commands config and man show what it does. It knows settings by
// the flags that cobra has for them, and no setting by its name: what there are and what their values mean is said in
// package settings. Its errors name the source of a value, a variable or a file and line, and leave out the value where
// it may be a secret.
package config

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Load sets every flag of a command from the first source that has it: the command line, the environment, the
// configuration file, the default. A flag that any source has set counts as changed. The whole file is checked,
// whichever command runs. Load returns what is odd about the environment, one sentence each.
func Load(cmd *cobra.Command) (warnings []string, err error) {
	path, required, err := Path(cmd.Flags())
	if err != nil {
		return nil, err
	}
	file, err := readFile(path, required)
	if err != nil {
		return nil, err
	}
	environment, warnings, err := readEnvironment(os.Environ(), settingNames(cmd.Root()))
	if err != nil {
		return nil, err
	}
	own, err := file.check(cmd)
	if err != nil {
		return nil, err
	}
	for _, source := range []map[string]entry{environment, readAliases(os.Environ()), own, file.common} {
		if err := setFlags(source, cmd.Flags()); err != nil {
			return nil, err
		}
	}
	if err := refuseEmptyLists(cmd.Flags()); err != nil {
		return nil, err
	}
	return warnings, expandPaths(cmd.Flags())
}

// setFlags sets the flags that no earlier source has set.
func setFlags(source map[string]entry, f *pflag.FlagSet) error {
	for _, name := range slices.Sorted(maps.Keys(source)) {
		flag := f.Lookup(name)
		if flag == nil || flag.Changed {
			continue
		}
		v := source[name]
		if err := v.set(flag); err != nil {
			return err
		}
		flag.Changed = true
		f.SetAnnotation(name, SourceAnnotation, []string{v.source}) //nolint:errcheck // the flag exists
	}
	return nil
}

// refuseEmptyLists refuses --bind "": that is a list which came out empty, not a request for the default.
func refuseEmptyLists(f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if list, ok := flag.Value.(pflag.SliceValue); ok && flag.Changed && len(list.GetSlice()) == 0 && err == nil {
			err = fmt.Errorf("--%s is empty: leave it out for its default%s", flag.Name, orNone(flag))
		}
	})
	return err
}

// orNone is the remedy of a list that can be none.
func orNone(flag *pflag.Flag) string {
	if strings.Contains(flag.Usage, "none") {
		return `, or write "none"`
	}
	return ""
}
