package canvas

import (
	"strconv"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Count draws a number of things and returns the x after it, as those below do.
func (a Area) Count(x, y int, role theme.Role, n int) int {
	return a.Put(x, y, role, string(human.AppendCount(a.Scratch(), uint64(max(n, 0)))))
}

// Rate draws a number per second.
func (a Area) Rate(x, y int, role theme.Role, f float64) int {
	return a.Put(x, y, role, string(human.AppendRate(a.Scratch(), f)))
}

// Age draws how long ago something was.
func (a Area) Age(x, y int, role theme.Role, d time.Duration) int {
	return a.Put(x, y, role, string(human.AppendAge(a.Scratch(), d)))
}

// Duration draws how long something took.
func (a Area) Duration(x, y int, role theme.Role, d time.Duration) int {
	return a.Put(x, y, role, string(human.AppendDuration(a.Scratch(), d)))
}

// Number draws a number without separators.
func (a Area) Number(x, y int, role theme.Role, n int) int {
	return a.Put(x, y, role, string(strconv.AppendInt(a.Scratch(), int64(n), 10)))
}

// ID draws the first digits of a hash or node ID and an ellipsis, or the whole, and returns the x after it.
func (a Area) ID(x, y int, role theme.Role, id [20]byte, digits int) int {
	const hex = "0123456789abcdef"
	digits = min(digits, 2*len(id))
	if a.g.mask.Owns(id) { // in as many cells
		a.Sub(x, y, digits, 1).Put(0, 0, role, text.Hidden)
		return x + digits + 1
	}
	for i := range digits {
		a.Set(x+i, y, role, rune(hex[id[i/2]>>(4-i%2*4)&15]))
	}
	if digits == 2*len(id) {
		return x + digits
	}
	a.Set(x+digits, y, role, text.Ellipsis)
	return x + digits + 1
}

// Clock draws the time of day.
func (a Area) Clock(x, y int, role theme.Role, t time.Time) {
	h, m, s := t.Clock()
	for i, n := range [...]int{h, m, s} {
		a.Set(x+3*i, y, role, rune('0'+n/10))
		a.Set(x+3*i+1, y, role, rune('0'+n%10))
		if i < 2 {
			a.Set(x+3*i+2, y, role, ':')
		}
	}
}
