package attach

import (
	"time"
)

// pace is how often the screen looks.
type pace struct {
	last  time.Time
	every time.Duration // rounded up, so that screens that are alike ask for the same
}

// paces are what an interval is rounded to: those of the screen, and slower ones.
var paces = [...]time.Duration{100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}

// look notes that the screen looks, and reports whether the interval is another one.
func (p *pace) look(now time.Time) (changed bool) {
	gap := now.Sub(p.last)
	p.last = now
	every := paces[len(paces)-1]
	for _, e := range paces {
		if gap < e*5/4 {
			every = e
			break
		}
	}
	changed = every != p.every
	p.every = every
	return changed
}
