package settings

import (
	"slices"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/scenario"
	"dhtop/views/theme"
)

// Choices returns values that a setting takes, for a shell to complete. One that ends with a colon or a slash goes on.
func Choices(name string) []string {
	if of := choicesOf[name]; of != nil {
		return of()
	}
	return nil
}

var choicesOf = map[string]func() []string{
	"theme":           theme.Names,
	"graphs":          func() []string { return []string{"braille", "blocks"} },
	"scenario":        scenarioNames,
	"log-level":       func() []string { return logLevels },
	"log-format":      func() []string { return []string{"text", "json"} },
	"store":           func() []string { return []string{"sqlite:", "postgres://", "none"} },
	"names":           func() []string { return []string{"top:100", noNames} },
	"port-map":        func() []string { return []string{portMapAuto, portMapOff} },
	"keep":            func() []string { return []string{defaultKeep, "30d", "all"} },
	"http":            func() []string { return []string{HttpServe, HttpOff} },
	"tracker-require": func() []string { return []string{"compact", "no_peer_id", "any"} },
	"bootstrap":       func() []string { return append(slices.Clone(dhtcore.DefaultBootstrap), "none") },
}

// scenarioNames are the names of the built-in scenarios without spaces, as --scenario takes them, too.
func scenarioNames() []string {
	var names []string
	for _, name := range scenario.Names() {
		names = append(names, strings.ReplaceAll(name, " ", "-"))
	}
	return names
}
