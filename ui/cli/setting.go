package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"
)

// setting is a flag that commands share, a row of a table in settings_table.go. load gives it a value, and set
// puts that into the settings.
type setting struct {
	name  string
	group flagGroup
	value any // the default; its type is that of the flag
	usage string
	set   func(s *settings, value any) error // nil for what load reads itself
}

// shorthands are the settings with a short flag.
var shorthands = map[string]string{"output": "o"}

// field returns a set that stores the value as it is.
func field[T any](of func(*settings) *T) func(*settings, any) error {
	return func(s *settings, value any) error { *of(s) = value.(T); return nil }
}

// with returns a set that calls check, which parses or checks the value and stores it.
func with[T any](check func(*settings, T) error) func(*settings, any) error {
	return func(s *settings, value any) error { return check(s, value.(T)) }
}

// addSettings defines the flags of tables.
func addSettings(f *pflag.FlagSet, tables ...[]setting) {
	f.SortFlags = false // the order of the tables is that of the help
	for _, row := range slices.Concat(tables...) {
		row.define(f)
		setGroup(f, row.group, row.name)
	}
}

// accept adds flags that a command accepts, as every other does. The help lists them where they do something.
func accept(f *pflag.FlagSet, rows []setting) {
	for _, row := range rows {
		if f.Lookup(row.name) == nil {
			row.define(f)
			f.MarkHidden(row.name) //nolint:errcheck // the flag exists
		}
	}
}

// pick returns the settings of those names.
func pick(rows []setting, names ...string) []setting {
	return slices.DeleteFunc(rows, func(row setting) bool { return !slices.Contains(names, row.name) })
}

// without returns the settings that are not of a group.
func without(rows []setting, group flagGroup) []setting {
	return slices.DeleteFunc(rows, func(row setting) bool { return row.group == group })
}

// define adds the flag of a setting to f.
func (r *setting) define(f *pflag.FlagSet) {
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
func (r *setting) get(f *pflag.FlagSet) (value any, err error) {
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
