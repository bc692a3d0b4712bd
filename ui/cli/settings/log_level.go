package settings

import (
	"fmt"
	"slices"
	"strings"
)

// LogLevel is how much a command writes to stderr. Errors are always written.
type LogLevel int

// The levels, each with what is below it. At LogDebug, serve also prints the steps of lookups and every new hash.
const (
	LogError LogLevel = iota
	LogWarning
	LogInfo
	LogDebug
)

var logLevels = []string{"error", "warning", "info", "debug"}

func (l LogLevel) String() string { return logLevels[l] }

func parseLogLevel(name string) (LogLevel, error) {
	name = strings.ToLower(name)
	if name == "warn" {
		name = LogWarning.String()
	}
	if i := slices.Index(logLevels, name); i >= 0 {
		return LogLevel(i), nil
	}
	return LogInfo, fmt.Errorf("--log-level %q: want debug, info, warning or error", name)
}
