package config

import (
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"dhtop/dhtcore/human"
	"dhtop/ui/attach"
)

// targetsTable is the table of the configuration file that names nodes for "dhtop attach".
const targetsTable = "targets"

// Target is a row of that table.
type Target struct {
	URL       string
	TokenFile string // "" for none of its own
	source    string // the file and the line
}

// ReadTargets reads the table of the configuration file of a command.
func ReadTargets(cmd *cobra.Command) (map[string]Target, error) {
	path, required, err := Path(cmd.Flags())
	if err != nil {
		return nil, err
	}
	file, err := readFile(path, required)
	if err != nil {
		return nil, err
	}
	return file.namedTargets()
}

// namedTargets checks the table.
func (c *file) namedTargets() (map[string]Target, error) {
	named := map[string]Target{}
	for _, name := range slices.Sorted(maps.Keys(c.targets)) {
		v := c.targets[name]
		n := Target{source: v.source}
		switch value := v.value.(type) {
		case string:
			n.URL = value
		case map[string]any:
			if err := n.read(name, value); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%s: the target %q is %s: want a URL in quotes, or a table with url and token-file", v.source, name, v.kind())
		}
		if _, err := attach.ParseTarget(n.URL); err != nil {
			return nil, fmt.Errorf("%s: the target %q: %w", v.source, name, err)
		}
		named[name] = n
	}
	return named, nil
}

// read reads a target that is a table.
func (n *Target) read(name string, table map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(table)) {
		text, is := table[key].(string)
		if !is {
			return fmt.Errorf("%s: %s of the target %q is %s: want text in quotes", n.source, key, name, entry{value: table[key]}.kind())
		}
		switch Name(key) {
		case "url":
			n.URL = text
		case "token-file":
			n.TokenFile = text
		default:
			return fmt.Errorf("%s: the target %q has no setting %q%s", n.source, name, key, human.DidYouMean(key, []string{"url", "token-file"}, ": want url and token-file"))
		}
	}
	if n.URL == "" {
		return fmt.Errorf("%s: the target %q has no url: write url = \"http://HOST:PORT\"", n.source, name)
	}
	return nil
}
