package crawl

import "time"

// How the yield of the crawl is judged.
const (
	yieldOver      = 256              // queries in a row that are judged together: a window
	yieldCollapsed = 32               // answers in a window, at most, that mean a collapse
	yieldRecovered = 64               // answers in a window that end it
	yieldWindows   = 64               // windows with queries in flight, at most
	poorFor        = 60 * time.Second // a collapse lasts, at most
)

// yield watches how many of the latest queries were answered. Silence is noticed later than an answer, so
// outcomes are counted in the order of asking: once the crawl pauses, only silence would be left. The zero value
// is a sound yield.
type yield struct {
	windows [yieldWindows]window // ring
	asked   int                  // queries so far
	since   int                  // the queries before this number are not judged again
	until   time.Time            // the yield counts as poor until then
}

// window counts the outcomes of yieldOver queries in a row.
type window struct{ ended, answered int }

// next returns the number of the query that is being sent.
func (y *yield) next() (number int) {
	if number = y.asked; number%yieldOver == 0 {
		y.windows[number/yieldOver%yieldWindows] = window{}
	}
	y.asked++
	return number
}

// outcome counts the outcome of a query, and reports whether the yield collapsed by it.
func (y *yield) outcome(number int, answered bool, now time.Time) (collapsed bool) {
	w := &y.windows[number/yieldOver%yieldWindows]
	if w.ended++; answered {
		w.answered++
	}
	switch {
	case w.ended < yieldOver:
		return false
	case y.poor(now):
		if w.answered >= yieldRecovered {
			y.until = time.Time{}
		}
		return false
	case w.answered > yieldCollapsed || number < y.since:
		return false
	}
	y.until, y.since = now.Add(poorFor), y.asked
	return true
}

// poor reports whether the yield has collapsed lately and not recovered.
func (y *yield) poor(now time.Time) bool { return now.Before(y.until) }

// forgive ends a collapse and forgets what led to it.
func (y *yield) forgive() { y.until, y.since = time.Time{}, y.asked }
