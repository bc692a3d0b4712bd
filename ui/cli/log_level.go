package cli

import (
	"fmt"
	"slices"
	"strings"
)

// logLevel is how much a command writes to stderr. Errors are always written.
type logLevel int

// The levels, each with what is below it. At logDebug, serve also prints the steps of lookups and every new hash.
const (
	logError logLevel = iota
	logWarning
	logInfo
	logDebug
)

var logLevels = []string{"error", "warning", "info", "debug"}

func (l logLevel) String() string { return logLevels[l] }

func parseLogLevel(name string) (logLevel, error) {
	name = strings.ToLower(name)
	if name == "warn" {
		name = logWarning.String()
	}
	if i := slices.Index(logLevels, name); i >= 0 {
		return logLevel(i), nil
	}
	return logInfo, fmt.Errorf("--log-level %q: want debug, info, warning or error", name)
}
