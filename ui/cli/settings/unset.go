package settings

import (
	"encoding/json"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"dhtop/dhtcore"
	"dhtop/ui/cli/config"
)

// unsetMeans is what a setting that is not set stands for, where that is not its zero value.
var unsetMeans = map[string]string{
	"bind":         "0.0.0.0 and ::",
	"bootstrap":    "well-known hosts",
	"public-ip":    "detected",
	"names":        "none",
	"bind-device":  "any",
	"tracker-http": "none",
	"tracker-udp":  "none",
	"data":         filepath.Join("$XDG_STATE_HOME", "dhtop"),
	"store":        "a file in the data directory",
	"scenario":     "none; " + DefaultScenario + " with --headless",
	"config":       filepath.Join("$XDG_CONFIG_HOME", "dhtop", "config.toml"),
	"graphs":       "by the terminal",
	"theme":        "by the terminal",
	"record":       "nowhere",
}

// Unset returns what a setting that is not set stands for, in words; "" for its zero value.
func Unset(name string) string { return unsetMeans[name] }

// Default returns the default of a flag as the help says it, "" for one that is off or nothing.
func Default(f *pflag.Flag) string {
	if f.DefValue == ZeroDefault(f.Value.Type()) || f.DefValue == "0s" {
		return unsetMeans[f.Name]
	}
	return strings.Trim(f.DefValue, "[]")
}

// ZeroDefault is how pflag writes the zero value of a type.
func ZeroDefault(flagType string) string {
	switch flagType {
	case "bool":
		return "false"
	case "string":
		return ""
	case "stringSlice", "stringArray":
		return "[]"
	}
	return "0"
}

// Value returns what a flag comes to: its value, or what it stands for while it is not set.
func (s *Settings) Value(f *pflag.Flag) any {
	if v := s.unset(f); v != nil && !f.Changed {
		return v
	}
	switch f.Value.Type() {
	case "bool":
		return f.Value.String() == "true"
	case "stringSlice", "stringArray":
		return f.Value.(pflag.SliceValue).GetSlice()
	case "string", "duration":
		return f.Value.String()
	}
	return json.Number(f.Value.String())
}

// unset returns what a setting stands for while nothing sets it, nil for its own zero value.
func (s *Settings) unset(f *pflag.Flag) any {
	number := func(n float64) any { return json.Number(strconv.FormatFloat(n, 'f', -1, 64)) }
	c := &s.Explorer
	switch f.Name {
	case "bind":
		return []string{"0.0.0.0", "::"}
	case "bootstrap":
		if s.Demo {
			return []string{} // whatever ports the embedded network has
		}
		return dhtcore.DefaultBootstrap
	case "port":
		return json.Number(strconv.Itoa(int(c.Port)))
	case "data":
		return c.DataDir
	case "store":
		return orNothing(c.Store)
	case "names":
		if n := s.Explorer.Names; n > 0 {
			return "top:" + strconv.Itoa(n)
		}
		return noNames
	case "theme", "graphs":
		return "auto"
	case "config":
		path, _, _ := config.Path(pflag.NewFlagSet("", pflag.ContinueOnError))
		return path
	case "output":
		return "-"
	case "rate":
		return number(c.Limits.Packets)
	case "rate-bytes":
		return number(c.Limits.Bytes)
	case "rate-new":
		return number(c.Limits.New)
	case "inbound-rate":
		return number(c.Limits.Inbound)
	case "inbound-bytes":
		return number(c.Limits.InboundBytes)
	case "inbound-per-ip":
		return number(c.Limits.InboundPerSource)
	}
	return nil
}

func orNothing(url string) string {
	if url == "" {
		return "none"
	}
	return url
}
