package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
)

// expandPaths replaces ~/ at the start of every path among the flags: no shell does it in a file, in a unit or in
// quotes. A flag is a path if its usage names a FILE or a DIR, or a URL with a path in it.
func expandPaths(f *pflag.FlagSet) (err error) {
	f.VisitAll(func(flag *pflag.Flag) {
		if err != nil || !flag.Changed {
			return
		}
		kind, _ := pflag.UnquoteUsage(flag)
		path := strings.Contains(kind, "FILE") || strings.Contains(kind, "DIR")
		expand := func(value string) string {
			if err != nil {
				return value
			}
			scheme, rest := "", value
			if !path {
				for _, s := range pathSchemes {
					if after, ok := strings.CutPrefix(value, s); ok {
						scheme, rest = s, after
					}
				}
				if scheme == "" {
					return value
				}
			}
			if rest, err = ExpandHome(rest); err != nil {
				err = fmt.Errorf("--%s: %w", flag.Name, err)
			}
			return scheme + rest
		}
		switch value := flag.Value.(type) {
		case pflag.SliceValue:
			all := value.GetSlice()
			for i := range all {
				all[i] = expand(all[i])
			}
			if err == nil {
				err = value.Replace(all)
			}
		default:
			if s := flag.Value.String(); flag.Value.Type() == "string" {
				if expanded := expand(s); err == nil && expanded != s {
					err = flag.Value.Set(expanded)
				}
			}
		}
	})
	return err
}

// pathSchemes start the URLs that name a file.
var pathSchemes = []string{"sqlite:", "sqlite://", "unix:"}

// ExpandHome replaces ~ or ~/ at the start of a path by the home directory.
func ExpandHome(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path, fmt.Errorf("%s: there is no home directory here: write the whole path", path)
	}
	return filepath.Join(home, rest), nil
}
