package cli

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// noArgs accepts no argument.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && !cmd.HasParent() {
		return unknownCommand(cmd, args[0])
	}
	if len(args) > 0 {
		return fmt.Errorf("%q: %s takes no argument: see '%s --help'", args[0], cmd.CommandPath(), cmd.CommandPath())
	}
	return nil
}

// oneArg accepts exactly one argument, what it is called in errors.
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch len(args) {
		case 0:
			return fmt.Errorf("no %s given: see '%s --help'", what, cmd.CommandPath())
		case 1:
			return nil
		}
		path := cmd.CommandPath()
		return fmt.Errorf("%d arguments: %s takes one %s: see '%s --help'", len(args), path, what, path)
	}
}

// someArgs accepts one argument or more.
func someArgs(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("no %s given: see '%s --help'", what, cmd.CommandPath())
		}
		return nil
	}
}

// values reads flags by name. A flag that the command does not have is its zero value.
type values struct{ *pflag.FlagSet }

func (v values) bool(name string) bool     { b, _ := v.GetBool(name); return b }
func (v values) string(name string) string { s, _ := v.GetString(name); return s }
func (v values) int(name string) int       { n, _ := v.GetInt(name); return n }
