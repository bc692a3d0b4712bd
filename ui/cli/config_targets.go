package cli

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

// namedTarget is a row of that table.
type namedTarget struct {
	url       string
	tokenFile string // "" for none of its own
	source    string // the file and the line
}

// readNamedTargets reads the table of the configuration file of a command.
func readNamedTargets(cmd *cobra.Command) (map[string]namedTarget, error) {
	path, required, err := configPath(cmd.Flags())
	if err != nil {
		return nil, err
	}
	file, err := readConfigFile(path, required)
	if err != nil {
		return nil, err
	}
	return file.namedTargets()
}

// namedTargets checks the table.
func (c *configFile) namedTargets() (map[string]namedTarget, error) {
	named := map[string]namedTarget{}
	for _, name := range slices.Sorted(maps.Keys(c.targets)) {
		v := c.targets[name]
		n := namedTarget{source: v.source}
		switch value := v.value.(type) {
		case string:
			n.url = value
		case map[string]any:
			if err := n.read(name, value); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("%s: the target %q is %s: want a URL in quotes, or a table with url and token-file", v.source, name, v.kind())
		}
		if _, err := attach.ParseTarget(n.url); err != nil {
			return nil, fmt.Errorf("%s: the target %q: %w", v.source, name, err)
		}
		named[name] = n
	}
	return named, nil
}

// read reads a target that is a table.
func (n *namedTarget) read(name string, table map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(table)) {
		text, is := table[key].(string)
		if !is {
			return fmt.Errorf("%s: %s of the target %q is %s: want text in quotes", n.source, key, name, configValue{value: table[key]}.kind())
		}
		switch settingName(key) {
		case "url":
			n.url = text
		case "token-file":
			n.tokenFile = text
		default:
			return fmt.Errorf("%s: the target %q has no setting %q%s", n.source, name, key, human.DidYouMean(key, []string{"url", "token-file"}, ": want url and token-file"))
		}
	}
	if n.url == "" {
		return fmt.Errorf("%s: the target %q has no url: write url = \"http://HOST:PORT\"", n.source, name)
	}
	return nil
}
