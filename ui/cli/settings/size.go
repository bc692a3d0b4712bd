package settings

import (
	"math"
	"strconv"
	"strings"
)

// sizeUnits are the units of sizes as people write them, in bytes.
var sizeUnits = map[string]float64{
	"b": 1, "k": 1e3, "kb": 1e3, "kib": 1 << 10, "m": 1e6, "mb": 1e6, "mib": 1 << 20,
	"g": 1e9, "gb": 1e9, "gib": 1 << 30, "t": 1e12, "tb": 1e12, "tib": 1 << 40,
}

// splitUnit takes a positive number and its unit, in lower case, out of a text such as "1.5 GiB".
func splitUnit(text string) (n float64, unit string, ok bool) {
	text = strings.ToLower(text)
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseFloat(digits, 64)
	return n, strings.TrimSpace(text[len(digits):]), err == nil && n > 0
}

// parseSize reads a size such as 500MB or 2GiB, in bytes.
func parseSize(text string) (size int64, ok bool) {
	n, unit, ok := splitUnit(text)
	each, known := sizeUnits[unit]
	if !ok || !known || n*each >= math.MaxInt64 {
		return 0, false
	}
	return int64(n * each), true
}
