package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/dhtcore/scenario"
	"dhtop/views/report"
	"dhtop/views/theme"
)

// flagValues are the values that a shell completes, by flag. One that ends with a colon or a slash goes on.
var flagValues = map[string]func() []string{
	"theme":           theme.Names,
	"graphs":          func() []string { return []string{"braille", "blocks"} },
	"format":          report.FormatNames,
	"scenario":        scenarioNames,
	"log-level":       func() []string { return logLevels },
	"log-format":      func() []string { return []string{"text", "json"} },
	"store":           func() []string { return []string{"sqlite:", "postgres://", "none"} },
	"names":           func() []string { return []string{"top:100", noNames} },
	"port-map":        func() []string { return []string{portMapAuto, portMapOff} },
	"keep":            func() []string { return []string{defaultKeep, "30d", "all"} },
	"http":            func() []string { return []string{httpServe, httpOff} },
	"tracker-require": func() []string { return []string{"compact", "no_peer_id", "any"} },
	"bootstrap":       func() []string { return append(slices.Clone(dhtcore.DefaultBootstrap), "none") },
}

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
	values := flagValues[f.Name]
	switch {
	case kind == "TARGET":
		c.RegisterFlagCompletionFunc(f.Name, completeTargets) //nolint:errcheck // the flag exists, and only once
	case f.Name == "filter":
		c.RegisterFlagCompletionFunc(f.Name, completeFilter) //nolint:errcheck // the flag exists, and only once
	case f.Value.Type() == "bool":
	case values != nil:
		c.RegisterFlagCompletionFunc(f.Name, completeValues(values(), strings.Contains(kind, "FILE"))) //nolint:errcheck // the flag exists, and only once
	case strings.Contains(kind, "FILE"):
	case strings.Contains(kind, "DIR"):
		c.MarkFlagDirname(f.Name) //nolint:errcheck // as above
	default:
		c.RegisterFlagCompletionFunc(f.Name, cobra.NoFileCompletions) //nolint:errcheck // as above
	}
}

// scenarioNames are the names of the built-in scenarios without spaces, as --scenario takes them, too.
func scenarioNames() []string {
	var names []string
	for _, name := range scenario.Names() {
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
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
