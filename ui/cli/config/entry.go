package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// entry is the value of a setting in the environment or in the configuration file.
type entry struct {
	value  any    // text, or what TOML makes of it: string, int64, float64, bool, []any, map[string]any, a time
	source string // DHTOP_PORT, or the file and the line
}

// text is a value without a type: that of an environment variable.
type text string

// set gives a flag the value, or returns an error that names its source.
func (v entry) set(flag *pflag.Flag) error {
	if list, ok := flag.Value.(pflag.SliceValue); ok {
		all, err := v.list(flag)
		if err != nil {
			return err
		}
		return list.Replace(all)
	}
	s, ok := v.scalar(flag.Value.Type())
	if !ok {
		return fmt.Errorf("%s: %s is %s: want %s", v.source, flag.Name, v.kind(), fileKinds[flag.Value.Type()])
	}
	if strings.ContainsRune(s, 0) {
		return fmt.Errorf("%s: %s has a NUL character: leave it out", v.source, flag.Name)
	}
	if err := flag.Value.Set(s); err != nil {
		return fmt.Errorf("%s: %s = %q: want %s", v.source, flag.Name, s, Want(flag))
	}
	return nil
}

// list returns the value of a setting that can be given several times: text counts as a list with commas.
func (v entry) list(flag *pflag.Flag) (all []string, err error) {
	switch value := v.value.(type) {
	case text:
		all = splitList(string(value))
	case string:
		all = splitList(value)
	case []any:
		for _, element := range value {
			s, ok := element.(string)
			if !ok {
				element := entry{element, v.source}
				return nil, fmt.Errorf("%s: %s contains %s: want %s", v.source, flag.Name, element.kind(), fileKinds["stringSlice"])
			}
			all = append(all, s)
		}
	default:
		return nil, fmt.Errorf("%s: %s is %s: want %s", v.source, flag.Name, v.kind(), fileKinds["stringSlice"])
	}
	if slices.ContainsFunc(all, func(s string) bool { return strings.ContainsRune(s, 0) }) {
		return nil, fmt.Errorf("%s: %s has a NUL character: leave it out", v.source, flag.Name)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: %s is empty: leave it out for its default%s", v.source, flag.Name, orNone(flag))
	}
	return all, nil
}

// splitList splits text at its commas. It drops what is empty, as after a last comma.
func splitList(s string) []string {
	parts := strings.Split(s, ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return slices.DeleteFunc(parts, func(part string) bool { return part == "" })
}

// scalar returns the value as the text of a flag of that type, if it has the type.
func (v entry) scalar(flagType string) (s string, ok bool) {
	switch value := v.value.(type) {
	case text:
		return string(value), true
	case string:
		return value, flagType == "string" || flagType == "duration"
	case bool:
		return strconv.FormatBool(value), flagType == "bool"
	case int64:
		return strconv.FormatInt(value, 10), slices.Contains([]string{"int", "int64", "uint16", "uint64", "float64"}, flagType)
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64), flagType == "float64"
	}
	return "", false
}

// kind names the type of a value. Errors about a wrong type leave out the value itself, which may be a secret.
func (v entry) kind() string {
	switch v.value.(type) {
	case text, string:
		return "text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date or a time"
}

// Want says what a flag accepts on the command line.
func Want(f *pflag.Flag) string { return kinds[f.Value.Type()] }

// kinds says what a flag of each type accepts.
var kinds = map[string]string{
	"bool": "true or false", "int": "a whole number", "uint16": "a whole number up to 65535",
	"int64": "a whole number", "uint64": "a whole number that is not negative", "float64": "a number",
	"duration": "a duration such as 10s", "string": "text", "stringSlice": "text, or several separated by commas",
}

// fileKinds says the same of the configuration file.
var fileKinds = map[string]string{
	"bool": "true or false, without quotes", "int": "a whole number, without quotes",
	"uint16": "a whole number up to 65535, without quotes", "int64": "a whole number, without quotes",
	"uint64": "a whole number that is not negative, without quotes", "float64": "a number, without quotes",
	"duration": `a duration in quotes, such as "10s"`, "string": "text in quotes",
	"stringSlice": `text in quotes, or several as ["one", "two"]`,
}
