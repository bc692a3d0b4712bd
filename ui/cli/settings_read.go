package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/config"
)

// readSettings reads the settings of a command: those of its flags that stand in a table.
func readSettings(cmd *cobra.Command) (settings, error) {
	warnings, err := config.Load(cmd)
	if err != nil {
		return settings{}, err
	}
	s, err := defaultsOf(cmd)
	if err != nil {
		return settings{}, err
	}
	for _, text := range warnings {
		fmt.Fprintln(cmd.ErrOrStderr(), "dhtop:", text)
	}
	return s, nil
}

// defaultsOf makes settings of the values that the flags of a command have: the defaults, before readSettings.
func defaultsOf(cmd *cobra.Command) (settings, error) {
	var s settings
	s.explorer.Command = cmd.Name()
	f := cmd.Flags()
	for _, row := range allSettings() {
		if f.Lookup(row.name) == nil || row.set == nil {
			continue
		}
		value, err := row.get(f)
		if err != nil {
			return settings{}, err
		}
		if err := row.set(&s, value); err != nil {
			return settings{}, err
		}
	}
	if err := s.complete(f); err != nil {
		return settings{}, err
	}
	return s, nil
}
