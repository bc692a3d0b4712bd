package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxFile is the largest file that is read, in bytes: nobody writes a longer one.
const maxFile = 64 << 10

// keyLines is on which line of a file each key stands, by its path joined with dots. The elements of an array of
// tables are numbered: "step.0.at".
type keyLines struct {
	file  string
	lines map[string]int
}

// where returns the file, and the line of the key or of the nearest table above it.
func (k *keyLines) where(path string) string {
	for path != "" {
		if line := k.lines[path]; line > 0 {
			return fmt.Sprintf("%s:%d", k.file, line)
		}
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
	return k.file
}

// readTOML returns the values of a file, and where they stand.
func readTOML(file string, data []byte) (value, error) {
	if len(data) > maxFile {
		return value{}, fmt.Errorf("%s is too large: a scenario has at most %d KiB", file, maxFile>>10)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	table := map[string]any{}
	if err := toml.Unmarshal(data, &table); err != nil {
		line := 1
		if bad := (*toml.DecodeError)(nil); errors.As(err, &bad) {
			line, _ = bad.Position()
		}
		return value{}, fmt.Errorf("%s:%d: this is not TOML: write NAME = VALUE, with text and durations in quotes, such as at = \"10s\"", file, line)
	}
	return value{lines: findKeys(file, data), any: table}, nil
}

func findKeys(file string, data []byte) *keyLines {
	k := &keyLines{file, map[string]int{}}
	count := map[string]int{} // of the elements of each array of tables
	p := unstable.Parser{}
	p.Reset(data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		path, line := "", 0
		if e.Kind == unstable.KeyValue {
			path = table
		}
		for it := e.Key(); it.Next(); {
			if line == 0 {
				line = 1 + bytes.Count(data[:it.Node().Raw.Offset], []byte("\n"))
			}
			if path != "" {
				path += "."
			}
			path += string(it.Node().Data)
			if n := count[path]; n > 0 && !(e.Kind == unstable.ArrayTable && it.IsLast()) {
				path += "." + strconv.Itoa(n-1)
			}
			if k.lines[path] == 0 {
				k.lines[path] = line
			}
		}
		switch e.Kind {
		case unstable.ArrayTable:
			count[path]++
			path += "." + strconv.Itoa(count[path]-1)
			k.lines[path] = line
			table = path
		case unstable.Table:
			table = path
		}
	}
	return k
}
