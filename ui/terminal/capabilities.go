package terminal

import (
	"cmp"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"github.com/xo/terminfo"

	"dhtop/dhtcore"
)

// Check returns an error if a terminal, by its TERM, cannot move its cursor. One that nobody knows passes:
// most of them do what xterm does.
func Check(term string) error {
	if term == "dumb" || term != "" && cannotMove(term) {
		return fmt.Errorf("TERM=%s cannot move its cursor: use 'dhtop crawl', 'dhtop peers' or 'dhtop serve' here, "+
			"or set TERM to the terminal's real name, such as xterm-256color", term)
	}
	return nil
}

// cannotMove reports whether the terminal database knows term, and no way to move its cursor.
func cannotMove(term string) bool {
	ti, err := terminfo.Load(term)
	return err == nil && len(ti.Strings[terminfo.CursorAddress]) == 0
}

// UTF8 reports whether the terminal can be expected to show more than ASCII, by the variables that POSIX
// reads for it. Where none is set, as in most containers, it is: a terminal of today shows UTF-8. Windows has no
// such variables.
func UTF8(getenv func(string) string) bool {
	locale := cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG"))
	if locale == "" || runtime.GOOS == "windows" {
		return true
	}
	locale, _, _ = strings.Cut(locale, "@")
	_, charset, found := strings.Cut(locale, ".")
	if !found {
		charset = locale // macOS sets LC_CTYPE=UTF-8
	}
	charset = strings.ToLower(charset)
	return charset == "utf-8" || charset == "utf8"
}

// Describe says what the environment tells of the terminal, without its size.
func Describe(getenv func(string) string) dhtcore.Terminal {
	name := getenv("TERM")
	return dhtcore.Terminal{Name: name, Dumb: Check(name) != nil, UTF8: UTF8(getenv), Colours: coloursOf(name, getenv)}
}

// coloursOf says how many colours a terminal has, as its owner or the terminal database says.
func coloursOf(name string, getenv func(string) string) string {
	switch getenv("COLORTERM") {
	case "truecolor", "24bit":
		return "24 bits"
	}
	if getenv("NO_COLOR") != "" {
		return "none, by NO_COLOR"
	}
	ti, err := terminfo.Load(name)
	if err != nil {
		return "unknown"
	}
	if n := ti.Nums[terminfo.MaxColors]; n > 0 {
		return strconv.Itoa(n)
	}
	return "none"
}
