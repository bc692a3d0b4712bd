package filter

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Seconds is the Number of a Duration or an Age: NaN for one that is not above 0, and so not known.
func Seconds(d time.Duration) float64 { return Known(d.Seconds(), d > 0) }

// Since is the Number of an Age: NaN for a moment that is not known.
func Since(now, moment time.Time) float64 { return Known(now.Sub(moment).Seconds(), !moment.IsZero()) }

// Known is a number, or NaN where it is not known.
func Known(n float64, known bool) float64 {
	if !known {
		return math.NaN()
	}
	return n
}

// units by the kind of field: what a number before the unit counts, in lower case.
var units = map[Kind]map[string]float64{
	Number: {"": 1, "k": 1e3, "m": 1e6, "g": 1e9},
	Duration: {
		"": 1e-3, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": minute, "min": minute, "h": hour, "d": day,
	},
	Age: {"": 1, "ms": 1e-3, "s": 1, "m": minute, "min": minute, "h": hour, "d": day, "w": 7 * day},
}

// Seconds.
const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// wanted says what a number of a kind looks like.
var wanted = map[Kind]string{
	Number:   "a number like 10, 2.5, 10k or 2M",
	Duration: "a time like 200 (ms), 1.5s or 2m",
	Age:      "an age like 30s, 5m, 2h or 3d",
}

// parseNumber reads a number with its unit, or several: 1h30m. unit is the worth of the last digit that was typed.
func parseNumber(s string, k Kind) (value, unit float64, ok bool) {
	s = strings.ToLower(s)
	for first := true; s != ""; first = false {
		digits := strings.TrimLeft(s, "0123456789.")
		number, rest := s[:len(s)-len(digits)], strings.TrimLeft(digits, "abcdefghijklmnopqrstuvwxyzµ")
		worth, known := units[k][digits[:len(digits)-len(rest)]]
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || !known || !first && (k == Number || worth >= unit) {
			return 0, 0, false
		}
		value, unit, s = value+n*worth, worth, rest
		if _, decimals, found := strings.Cut(number, "."); found {
			unit *= math.Pow10(-len(decimals))
		}
	}
	return value, unit, unit > 0
}

// sameNumber reports whether a value would be shown as wanted, whose last digit is worth unit: ages are rounded
// down, times taken to the nearest, counts not at all.
func sameNumber(value, wanted, unit float64, k Kind) bool {
	const tiny = 1e-9
	switch {
	case k == Age:
		return value >= wanted-tiny && value < wanted+unit-tiny
	case k == Number && unit >= 1:
		return value == wanted
	default:
		return math.Abs(value-wanted) <= unit/2+tiny
	}
}
