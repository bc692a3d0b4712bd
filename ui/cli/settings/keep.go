package settings

import (
	"fmt"
	"math"
	"strings"
	"time"

	"dhtop/dhtcore"
)

// minKeep is the smallest limit of the store: less would not hold the ranking with its sources.
const minKeep = 10e6

// keepAges are the units of ages in --keep.
var keepAges = map[string]float64{
	"h": float64(time.Hour), "d": float64(24 * time.Hour), "w": float64(7 * 24 * time.Hour), "y": float64(365 * 24 * time.Hour),
}

// setKeep takes a size, an age or both; all or 0 lifts the limit.
func (s *Settings) setKeep(limits []string) error {
	s.Explorer.Keep = dhtcore.Keep{}
	if len(limits) == 0 {
		limits = []string{""} // refused: it could mean nothing or everything
	}
	for _, text := range limits {
		k := &s.Explorer.Keep
		if text == "all" || text == "0" {
			if len(limits) > 1 {
				return fmt.Errorf("--keep %s excludes other limits: pass one or the other", text)
			}
			return nil
		}
		n, unit, ok := splitUnit(text)
		size, isSize := sizeUnits[unit]
		age, isAge := keepAges[unit]
		switch {
		case !ok || !isSize && !isAge || n*max(size, age) >= math.MaxInt64:
			return fmt.Errorf("--keep %q: want a size such as 2GB, an age such as 30d, both with a comma between, or all", text)
		case isSize && n*size < minKeep:
			return fmt.Errorf("--keep %s: want at least 10MB, or --store none to keep nothing", text)
		case isSize && k.Bytes > 0, isAge && k.Age > 0:
			return fmt.Errorf("--keep %s: pass at most one size and one age", strings.Join(limits, ","))
		case isSize:
			k.Bytes = int64(n * size)
		default:
			k.Age = time.Duration(n * age)
		}
	}
	return nil
}
