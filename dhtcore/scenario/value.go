package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// value is what a key of a file has, and where it stands.
type value struct {
	lines *keyLines
	path  string // the keys down to it, joined with dots
	key   string // the last of them
	any          // what TOML makes of it: string, int64, float64, bool, []any, map[string]any, a time
}

// field is a key that a table may have, and what takes its value.
type field struct {
	name string
	take func(value) error
}

// errorf returns an error that names the file and the line.
func (v value) errorf(format string, args ...any) error {
	return fmt.Errorf("%s: %w", v.lines.where(v.path), fmt.Errorf(format, args...))
}

// want is the error about a value of the wrong kind.
func (v value) want(what string) error {
	return v.errorf("%s is %s: want %s", v.key, v.kind(), what)
}

func (v value) kind() string {
	switch x := v.any.(type) {
	case string:
		return fmt.Sprintf("%.40q", x)
	case bool:
		return strconv.FormatBool(x)
	case int64:
		return strconv.FormatInt(x, 10)
	case float64:
		return plain(x)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or a time"
}

// child is the value of a key of the table v, or of an element of the list.
func (v value) child(key string, of any) value {
	path := key
	if v.path != "" {
		path = v.path + "." + key
	}
	return value{v.lines, path, key, of}
}

// fields gives each value of a table to the field of its name.
func (v value) fields(fields []field) error {
	table, ok := v.any.(map[string]any)
	if !ok {
		return v.want("a table")
	}
	known := make([]string, 0, len(fields))
	for _, f := range fields {
		known = append(known, f.name)
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if !slices.Contains(known, key) {
			return v.child(key, nil).errorf("unknown key %q: want one of %s", key, strings.Join(known, ", "))
		}
	}
	for _, f := range fields {
		if of, there := table[f.name]; there {
			if err := f.take(v.child(f.name, of)); err != nil {
				return err
			}
		}
	}
	return nil
}

// list returns the elements of a list. A single value counts as a list of one.
func (v value) list() []value {
	elements, ok := v.any.([]any)
	if !ok {
		return []value{v}
	}
	all := make([]value, 0, len(elements))
	for i, of := range elements {
		element := v.child(strconv.Itoa(i), of)
		element.key = v.key
		all = append(all, element)
	}
	return all
}

// text returns one line of text that a terminal can show.
func (v value) text() (string, error) {
	s, ok := v.any.(string)
	if !ok {
		return "", v.want("text in quotes")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", v.errorf("%s contains characters that cannot be printed: write it on one line", v.key)
	}
	return s, nil
}

// oneOf returns the place of a text among those it may be.
func (v value) oneOf(known []string) (int, error) {
	s, _ := v.any.(string)
	i := slices.Index(known, s)
	if i < 0 {
		return 0, v.want("one of " + strings.Join(known, ", "))
	}
	return i, nil
}

func (v value) yes() (bool, error) {
	b, ok := v.any.(bool)
	if !ok {
		return false, v.want("true or false, without quotes")
	}
	return b, nil
}

// number returns a number within bounds.
func (v value) number(low, high float64) (f float64, err error) {
	switch x := v.any.(type) {
	case int64:
		f = float64(x)
	case float64:
		f = x
	default:
		return 0, v.want("a number, without quotes")
	}
	if !(f >= low && f <= high) { // NaN is neither
		return 0, v.want(fmt.Sprintf("a number from %s to %s", plain(low), plain(high)))
	}
	return f, nil
}

// whole returns a whole number within bounds.
func (v value) whole(low, high int) (int, error) {
	n, ok := v.any.(int64)
	if !ok || n < int64(low) || n > int64(high) {
		return 0, v.want(fmt.Sprintf("a whole number from %d to %d", low, high))
	}
	return int(n), nil
}

// maxTime is the longest duration in a scenario.
const maxTime = 24 * time.Hour

// duration returns a duration of at least low.
func (v value) duration(low time.Duration) (time.Duration, error) {
	s, _ := v.any.(string)
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, v.want(`a duration in quotes, such as "10s"`)
	}
	if d < low || d > maxTime {
		return 0, v.want("a duration from " + low.String() + " to 24h")
	}
	return d, nil
}

// shortest is the shortest duration that is not nothing.
const shortest = time.Millisecond

// in returns a number in a unit, as Condition and Measure count.
func (v value) in(u Unit, high float64) (float64, error) {
	switch u {
	case Duration:
		d, err := v.duration(0)
		return d.Seconds(), err
	case Share:
		return v.number(0, 1)
	}
	return v.number(0, high)
}
