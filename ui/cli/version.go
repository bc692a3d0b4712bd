package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"dhtop/ui/cli/console"
)

// version returns the version that the Go toolchain recorded, "devel" for a build without one.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

func versionCommand(std console.Streams) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs, Example: "dhtop version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(std.Out, "dhtop", version())
			return err
		},
	}
}
