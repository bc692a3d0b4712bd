package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"dhtop/ui/cli/config"
	"dhtop/ui/cli/console"
	"dhtop/ui/cli/settings"
)

// withoutDefault are the flags for which no value in a file is the same as to leave them out. A file with demo = false
// could not have a table [demo], nor one with watch = [] a table [watch].
var withoutDefault = []string{"peer-port", "seq", "cas", "demo", "watch"}

// writeDefaultConfig writes a configuration file with every setting and its default. All of it is commented out: a
// file with defaults in force would keep those of today for good, and take those of Mainline into the demo.
func writeDefaultConfig(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`# The settings of dhtop, each with its default. Remove the # before a name to change one.
# A flag beats the environment (DHTOP_NO_IPV6=true), which beats this file.
# "dhtop config" shows what is in force.
`)
	shared, _, err := newRoot(console.Streams{}, console.Streams{}).Find([]string{configName})
	if err != nil {
		return err
	}
	s, err := settings.Of(shared)
	if err != nil {
		return err
	}
	done := map[string]string{}
	for _, g := range groupFlags(shared) {
		if g.group == settings.GroupOwn { // --default itself
			continue
		}
		fmt.Fprintf(&b, "\n# %s\n", g.title())
		for _, f := range g.flags {
			if config.IsSetting(f.Name) {
				done[f.Name] = writeDefault(&b, &s, f)
			}
		}
	}
	for _, c := range config.Commands(newRoot(console.Streams{}, console.Streams{})) {
		s, err := settings.Of(c)
		if err != nil {
			return err
		}
		var own strings.Builder
		c.Flags().VisitAll(func(f *pflag.Flag) {
			var line strings.Builder
			text := writeDefault(&line, &s, f)
			if f.Hidden || !config.IsSetting(f.Name) || done[f.Name] == text || c.Name() == demoName && settings.GroupOf(f) != settings.GroupOwn {
				return
			}
			own.WriteString(line.String())
		})
		if own.Len() > 0 {
			fmt.Fprintf(&b, "\n# Of \"%s\" alone\n#[%s]\n%s", c.CommandPath(), c.Name(), own.String())
		}
	}
	b.WriteString(`
# Names for "dhtop attach": where a dhtop listens, and the file with its token if that is on another machine
#[targets]
#seedbox = "http://10.0.0.1:6880"
#home = { url = "http://192.0.2.7:6880", token-file = "~/home.token" }
`)
	_, err = io.WriteString(w, b.String())
	return err
}

// writeDefault writes the help of a setting and its default, and returns the latter.
func writeDefault(w io.Writer, s *settings.Settings, f *pflag.Flag) (line string) {
	_, usage := pflag.UnquoteUsage(f)
	fmt.Fprintf(w, "\n# %s.\n", usage)
	value := s.Value(f)
	if list, ok := value.([]string); ok && len(list) == 0 || slices.Contains(withoutDefault, f.Name) {
		line = "# " + f.Name + " is not set\n"
	} else {
		if path, ok := value.(string); ok {
			value = fromHome(path)
		}
		line = "#" + f.Name + " = " + tomlValue(value) + "\n"
	}
	io.WriteString(w, line) //nolint:errcheck // it is a buffer
	return line
}

// fromHome writes a path below the home directory with ~/, and so a sqlite: URL. A configuration file may be carried to
// another machine.
func fromHome(path string) string {
	home, err := os.UserHomeDir()
	if err != nil || home == "" {
		return path
	}
	scheme := ""
	if rest, ok := strings.CutPrefix(path, "sqlite:"); ok {
		scheme, path = "sqlite:", rest
	}
	if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok {
		path = "~/" + filepath.ToSlash(rest)
	}
	return scheme + path
}

// tomlValue writes a value as TOML.
func tomlValue(value any) string {
	switch v := value.(type) {
	case string:
		return strconv.Quote(v)
	case []string:
		quoted := make([]string, len(v))
		for i := range v {
			quoted[i] = strconv.Quote(v[i])
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(value)
}
