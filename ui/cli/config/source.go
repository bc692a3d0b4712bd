package config

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// SourceAnnotation is the key of where a flag's value comes from, among its annotations, unless it is the command
// line or the default.
const SourceAnnotation = "source"

// Source returns where the value of a flag comes from: source is flag, environment, file or default; from is the flag,
// the variable, or the file and the line, "" for the default.
func Source(f *pflag.Flag) (source, from string) {
	from = strings.Join(f.Annotations[SourceAnnotation], "")
	switch {
	case f.Name == "config" && !f.Changed && os.Getenv(FileVariable) != "":
		return "environment", FileVariable
	case !f.Changed:
		return "default", ""
	case from == "":
		return "flag", "--" + f.Name
	case isVariable(from):
		return "environment", from
	}
	return "file", from
}

// OnCommandLine reports whether the command line has set a flag.
func OnCommandLine(f *pflag.Flag) bool {
	return f.Changed && len(f.Annotations[SourceAnnotation]) == 0
}

// isVariable reports whether a source is a variable, or several.
func isVariable(source string) bool {
	first, _, _ := strings.Cut(source, ", ")
	return strings.HasPrefix(source, envPrefix) || slices.ContainsFunc(aliases, func(a Alias) bool { return slices.Contains(a.Variables, first) })
}

// WithSource adds to an error about a flag where its value comes from.
func WithSource(cmd *cobra.Command, text string) string {
	name, about := strings.CutPrefix(text, "--")
	if !about {
		return text
	}
	if end := strings.IndexFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' }); end > 0 {
		name = name[:end]
	}
	flag := cmd.Flags().Lookup(name)
	if flag == nil || len(flag.Annotations[SourceAnnotation]) == 0 {
		return text
	}
	return fmt.Sprintf("%s (set by %s)", text, flag.Annotations[SourceAnnotation][0])
}
