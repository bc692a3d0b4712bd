package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dhtop/dhtcore/human"
)

// envPrefix starts the environment variables that are settings: DHTOP_NO_IPV6 is --no-ipv6.
const envPrefix = "DHTOP_"

// load sets every flag of a command from the first source that has it: the command line, the environment, the
// configuration file, the default. A flag that any source has set counts as changed.
func load(cmd *cobra.Command) error {
	f := cmd.Flags()
	k := koanf.New("\x00") // no nesting: a dot in a key is a dot
	path, required := configFile(f)
	if err := loadFile(k, path, required, cmd.Root()); err != nil {
		return fmt.Errorf("configuration %s: %w", path, err)
	}
	environment := env.Provider("\x00", env.Opt{Prefix: envPrefix, TransformFunc: func(key, value string) (string, any) {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(key, envPrefix)), "_", "-")
		if flag := f.Lookup(name); flag != nil && flag.Value.Type() == "stringSlice" {
			return name, strings.Split(value, ",")
		}
		return name, value
	}})
	if err := k.Load(environment, nil); err != nil {
		return fmt.Errorf("environment: %w", err)
	}
	return apply(k, f)
}

// apply sets the flags that the command line does not set, from k.
func apply(k *koanf.Koanf, f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if err != nil || flag.Changed || !k.Exists(flag.Name) {
			return
		}
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			flag.Changed = true
			err = list.Replace(k.Strings(flag.Name))
			return
		}
		if setErr := f.Set(flag.Name, k.String(flag.Name)); setErr != nil {
			err = fmt.Errorf("%s = %q in the environment or the configuration file: want %s",
				flag.Name, k.String(flag.Name), kinds[flag.Value.Type()])
		}
	})
	return err
}

// kinds says what a flag of each type accepts.
var kinds = map[string]string{
	"bool": "true or false", "int": "a whole number", "uint16": "a whole number up to 65535",
	"int64": "a whole number", "uint64": "a whole number that is not negative", "float64": "a number",
	"duration": "a duration such as 10s", "string": "text", "stringSlice": "text, or several separated by commas",
}

// configFile returns the path of the configuration file, "" for none, and whether it must be there.
func configFile(f *pflag.FlagSet) (path string, required bool) {
	if path, _ = f.GetString("config"); path != "" {
		return path, true
	}
	if path = os.Getenv(envPrefix + "CONFIG"); path != "" {
		return path, true
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false // without a home there is no file
	}
	return filepath.Join(dir, "dhtop", "config.toml"), false
}

func loadFile(k *koanf.Koanf, path string, required bool, root *cobra.Command) error {
	if path == "" {
		return nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return nil
	}
	if err != nil {
		return human.Cause(err)
	}
	values, err := toml.Parser().Unmarshal(b)
	if err != nil {
		return err
	}
	for key, value := range values {
		if !knownSetting(root, key) {
			return fmt.Errorf("unknown setting %q: settings are named like flags, without the leading dashes", key)
		}
		if err := k.Set(key, value); err != nil {
			return err
		}
	}
	return nil
}

// knownSetting reports whether any command has a flag of that name.
func knownSetting(root *cobra.Command, name string) bool {
	return root.Flags().Lookup(name) != nil || slices.ContainsFunc(root.Commands(), func(c *cobra.Command) bool {
		return c.Flags().Lookup(name) != nil
	})
}
