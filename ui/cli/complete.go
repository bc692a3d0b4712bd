package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

// isCompletion reports whether the arguments are those with which a shell asks for completions.
func isCompletion(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// prepareCompletion gives the commands what shells ask for: values of flags, files and directories where they are
// meant and nowhere else, and short descriptions. It is for that call of the program alone, as cobra keeps the flags
// for good.
func prepareCompletion(root *cobra.Command) {
	for c := range tree(root) {
		if c.ValidArgsFunction == nil && c.ValidArgs == nil {
			c.ValidArgsFunction = cobra.NoFileCompletions
		}
		c.Flags().VisitAll(func(f *pflag.Flag) { completeFlag(c, f) })
	}
}

// completeFlag completes the value of one flag by the kind of it that the usage names.
func completeFlag(c *cobra.Command, f *pflag.Flag) {
	kind, usage := pflag.UnquoteUsage(f)
	f.Usage, _, _ = strings.Cut(usage, ";")
	values := settings.Choices(f.Name)
	if f.Name == "format" {
		values = report.FormatNames()
	}
	switch {
	case kind == "TARGET":
		c.RegisterFlagCompletionFunc(f.Name, completeTargets) //nolint:errcheck // the flag exists, and only once
	case f.Name == "filter":
		c.RegisterFlagCompletionFunc(f.Name, completeFilter) //nolint:errcheck // the flag exists, and only once
	case f.Value.Type() == "bool":
	case values != nil:
		c.RegisterFlagCompletionFunc(f.Name, completeValues(values, strings.Contains(kind, "FILE"))) //nolint:errcheck // the flag exists, and only once
	case strings.Contains(kind, "FILE"):
	case strings.Contains(kind, "DIR"):
		c.MarkFlagDirname(f.Name) //nolint:errcheck // as above
	default:
		c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions) //nolint:errcheck // as above
	}
}

// completeValues completes a value out of a list, or a file where it may be one.
func completeValues(all []string, file bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		var fit []string
		directive := cobra.ShellCompDirectiveNoFileComp
		for _, value := range all {
			if strings.HasPrefix(value, begun) {
				fit = append(fit, value)
			}
			if strings.HasSuffix(value, ":") || strings.HasSuffix(value, "/") {
				directive |= cobra.ShellCompDirectiveNoSpace
			}
		}
		if len(fit) == 0 && file || strings.HasPrefix(begun, "sqlite:") {
			return fit, cobra.ShellCompDirectiveDefault // the path
		}
		return fit, directive
	}
}

// completeFiles completes arguments that are files with one of the endings.
func completeFiles(endings ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return endings, cobra.ShellCompDirectiveFilterFileExt
	}
}
