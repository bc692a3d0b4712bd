package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spf13/pflag"

	"dhtop/dhtcore/human"
)

// file is the configuration file: settings for every command, then tables with settings for one.
type file struct {
	common map[string]entry
	tables map[string]map[string]entry // by the name of the command; dhtop is the explorer
	lines  map[string]string           // file and line of each table

	targets map[string]entry // by name; see Target
}

// Path returns the path of the configuration file, "" for none, and whether it must be there.
func Path(f *pflag.FlagSet) (path string, required bool, err error) {
	path, _ = f.GetString("config")
	if path == "" {
		path = os.Getenv(FileVariable)
	}
	if path != "" {
		path, err = ExpandHome(path)
		return path, true, err
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false, nil //nolint:nilerr // without a home there is no file
	}
	return filepath.Join(dir, "dhtop", "config.toml"), false, nil
}

// readFile reads the file at path. Its names are not checked yet.
func readFile(path string, required bool) (*file, error) {
	c := &file{map[string]entry{}, map[string]map[string]entry{}, map[string]string{}, nil}
	if path == "" {
		return c, nil
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !required {
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration %s: %w: pass --config with a file that you can read", path, human.Cause(err))
	}
	if bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff")) {
		return nil, fmt.Errorf("configuration %s is in UTF-16: save it as UTF-8", path)
	}
	return c, c.parse(path, bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")))
}

func (c *file) parse(path string, b []byte) error {
	lines, err := keyLines(path, b)
	if err != nil {
		return err
	}
	values := map[string]any{}
	if err := toml.Unmarshal(b, &values); err != nil {
		return syntaxError(path, b, err)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		table, ok := values[key].(map[string]any)
		if !ok {
			c.common[Name(key)] = entry{values[key], lines[key]}
			continue
		}
		if key == targetsTable {
			c.targets = map[string]entry{}
			for name, value := range table {
				c.targets[name] = entry{value, cmp.Or(lines[key+"\x00"+name], lines[key])}
			}
			continue
		}
		own := map[string]entry{}
		for name, value := range table {
			own[Name(name)] = entry{value, cmp.Or(lines[key+"\x00"+name], lines[key])}
		}
		c.tables[key], c.lines[key] = own, lines[key]
	}
	return nil
}

// Name is the name of a setting in the file or of a flag: the dashes may be underscores.
func Name(key string) string { return strings.ReplaceAll(key, "_", "-") }

// keyLines returns the file and line of every key and table, by its path joined with NUL. It refuses a setting
// that stands there twice, in whatever spelling.
func keyLines(path string, b []byte) (map[string]string, error) {
	lines, settings := map[string]string{}, map[string]string{}
	p := unstable.Parser{}
	p.Reset(b)
	var table []string
	for p.NextExpression() {
		e := p.Expression()
		var key []string
		offset := uint32(0)
		for it := e.Key(); it.Next(); {
			if key == nil {
				offset = it.Node().Raw.Offset
			}
			key = append(key, string(it.Node().Data))
		}
		where := fmt.Sprintf("%s:%d", path, 1+bytes.Count(b[:offset], []byte("\n")))
		if e.Kind != unstable.KeyValue {
			table = key
		} else {
			key = slices.Concat(table, key)
			setting := Name(strings.Join(key, "\x00"))
			if first := settings[setting]; first != "" {
				return nil, fmt.Errorf("%s: %s is set already by %s: leave one out", where, key[len(key)-1], first)
			}
			settings[setting] = where
		}
		for n := range key { // a dotted key makes the tables before its last part
			if part := strings.Join(key[:n+1], "\x00"); lines[part] == "" {
				lines[part] = where
			}
		}
	}
	return lines, nil
}

// syntaxError is what a person reads about a line that is not TOML. It leaves out the value, which may be a secret.
func syntaxError(path string, b []byte, err error) error {
	const remedy = `write NAME = VALUE, with text in quotes, such as bind = "127.0.0.1"`
	bad := (*toml.DecodeError)(nil)
	if !errors.As(err, &bad) {
		return fmt.Errorf("configuration %s is not TOML: %s", path, remedy)
	}
	row, _ := bad.Position()
	lines := bytes.Split(b, []byte("\n"))
	if name, _, ok := bytes.Cut(lines[min(max(row, 1), len(lines))-1], []byte("=")); ok {
		return fmt.Errorf("%s:%d: the value of %.40q is not TOML: %s", path, row, bytes.TrimSpace(name), remedy)
	}
	return fmt.Errorf("%s:%d: this line is not TOML: %s", path, row, remedy)
}
