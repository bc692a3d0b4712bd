package settings

import (
	"fmt"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/config"
)

// Read reads the settings of a command: those of its flags that stand in a table.
func Read(cmd *cobra.Command) (Settings, error) {
	warnings, err := config.Load(cmd)
	if err != nil {
		return Settings{}, err
	}
	s, err := Of(cmd)
	if err != nil {
		return Settings{}, err
	}
	for _, text := range warnings {
		fmt.Fprintln(cmd.ErrOrStderr(), "dhtop:", text)
	}
	return s, nil
}

// Of makes settings of the values that the flags of a command have: the defaults, before Read.
func Of(cmd *cobra.Command) (Settings, error) {
	var s Settings
	s.Explorer.Command = cmd.Name()
	f := cmd.Flags()
	for _, row := range All() {
		if f.Lookup(row.name) == nil || row.set == nil {
			continue
		}
		value, err := row.get(f)
		if err != nil {
			return Settings{}, err
		}
		if err := row.set(&s, value); err != nil {
			return Settings{}, err
		}
	}
	if err := s.complete(f); err != nil {
		return Settings{}, err
	}
	return s, nil
}
