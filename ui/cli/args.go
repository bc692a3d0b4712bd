package cli

import (
	"fmt"

	"github.com/spf13/cobra"
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
