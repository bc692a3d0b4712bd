package config

import (
	"cmp"
	"net"
	"strconv"
	"strings"
)

// Alias is a setting that variables of the Flask tracker stand for, too. The setting's own variable beats them.
type Alias struct {
	Variables []string // one of them is enough
	Setting   string
	value     func(given map[string]string) string // of the variables that are set
}

// Where the Flask tracker listens unless told otherwise.
const (
	flaskIP   = "0.0.0.0"
	flaskPort = "6969"
)

// aliases are all of them.
var aliases = []Alias{
	{[]string{"TRACKER_IP", "TRACKER_PORT"}, "tracker-http", func(given map[string]string) string {
		return net.JoinHostPort(cmp.Or(given["TRACKER_IP"], flaskIP), cmp.Or(given["TRACKER_PORT"], flaskPort))
	}},
	{[]string{"TRACKER_PEER_TIMEOUT"}, "tracker-peer-timeout", func(given map[string]string) string {
		seconds := given["TRACKER_PEER_TIMEOUT"]
		if _, err := strconv.ParseFloat(seconds, 64); err == nil {
			return seconds + "s"
		}
		return seconds
	}},
	{[]string{"TRACKER_DATA_FILE"}, "tracker-import", func(given map[string]string) string { return given["TRACKER_DATA_FILE"] }},
	{[]string{"TRACKER_DEFAULT_URL"}, "to", func(given map[string]string) string { return given["TRACKER_DEFAULT_URL"] }},
}

// Aliases returns all of them.
func Aliases() []Alias { return aliases }

// readAliases returns the settings of the aliases that are set, by name, with their variables as the source. Those that
// Kubernetes sets for a service called tracker are none.
func readAliases(variables []string) map[string]entry {
	set := map[string]string{}
	for _, variable := range variables {
		if key, value, _ := strings.Cut(variable, "="); value != "" && !serviceLink(key, value) {
			set[key] = value
		}
	}
	settings := map[string]entry{}
	for _, a := range aliases {
		given, names := map[string]string{}, []string(nil)
		for _, name := range a.Variables {
			if value := set[name]; value != "" {
				given[name] = value
				names = append(names, name)
			}
		}
		if len(names) > 0 {
			settings[a.Setting] = entry{text(a.value(given)), strings.Join(names, ", ")}
		}
	}
	return settings
}
