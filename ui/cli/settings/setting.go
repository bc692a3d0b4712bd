package settings

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"
)

// Setting is a flag that commands share, a row of a table in table.go. config.Load gives it a value, and set
// puts that into the settings.
type Setting struct {
	name  string
	group Group
	value any // the default; its type is that of the flag
	usage string
	set   func(s *Settings, value any) error // nil for what config.Load reads itself
}

// shorthands are the settings with a short flag.
var shorthands = map[string]string{"output": "o"}

// field returns a set that stores the value as it is.
func field[T any](of func(*Settings) *T) func(*Settings, any) error {
	return func(s *Settings, value any) error { *of(s) = value.(T); return nil }
}

// with returns a set that calls check, which parses or checks the value and stores it.
func with[T any](check func(*Settings, T) error) func(*Settings, any) error {
	return func(s *Settings, value any) error { return check(s, value.(T)) }
}

// Define defines the flags of tables.
func Define(f *pflag.FlagSet, tables ...[]Setting) {
	f.SortFlags = false // the order of the tables is that of the help
	for _, row := range slices.Concat(tables...) {
		row.define(f)
		SetGroup(f, row.group, row.name)
	}
}

// Accept adds flags that a command accepts, as every other does. The help lists them where they do something.
func Accept(f *pflag.FlagSet, rows []Setting) {
	for _, row := range rows {
		if f.Lookup(row.name) == nil {
			row.define(f)
			f.MarkHidden(row.name) //nolint:errcheck // the flag exists
		}
	}
}

// Pick returns the settings of those names.
func Pick(rows []Setting, names ...string) []Setting {
	return slices.DeleteFunc(rows, func(row Setting) bool { return !slices.Contains(names, row.name) })
}

// Without returns the settings that are not of a group.
func Without(rows []Setting, group Group) []Setting {
	return slices.DeleteFunc(rows, func(row Setting) bool { return row.group == group })
}

// define adds the flag of a setting to f.
func (r *Setting) define(f *pflag.FlagSet) {
	switch value := r.value.(type) {
	case bool:
		f.Bool(r.name, value, r.usage)
	case int:
		f.Int(r.name, value, r.usage)
	case uint16:
		f.Uint16(r.name, value, r.usage)
	case uint64:
		f.Uint64(r.name, value, r.usage)
	case float64:
		f.Float64(r.name, value, r.usage)
	case string:
		f.StringP(r.name, shorthands[r.name], value, r.usage)
	case []string:
		f.StringSlice(r.name, value, r.usage)
	case time.Duration:
		f.Duration(r.name, value, r.usage)
	default:
		panic(fmt.Sprintf("--%s: no flag has the type %T", r.name, value))
	}
}

// get returns the value of the setting's flag in f.
func (r *Setting) get(f *pflag.FlagSet) (value any, err error) {
	switch r.value.(type) {
	case bool:
		return f.GetBool(r.name)
	case int:
		return f.GetInt(r.name)
	case uint16:
		return f.GetUint16(r.name)
	case uint64:
		return f.GetUint64(r.name)
	case float64:
		return f.GetFloat64(r.name)
	case string:
		return f.GetString(r.name)
	case []string:
		return f.GetStringSlice(r.name)
	}
	return f.GetDuration(r.name)
}
