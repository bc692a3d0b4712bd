package list

import (
	"time"

	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/theme"
)

// Since draws the age of a moment in a column; a dash for never.
func Since(a canvas.Area, sp canvas.Span, now, t time.Time) {
	if t.IsZero() {
		a.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	a.Right(sp.X, 0, sp.W, theme.Dim, string(human.AppendAge(a.Scratch(), now.Sub(t))))
}

// Millis draws a time taken in a column whose title says ms; a dash for none.
func Millis(a canvas.Area, sp canvas.Span, d time.Duration) {
	if d <= 0 {
		a.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	a.Right(sp.X, 0, sp.W, theme.Text, string(human.AppendMillis(a.Scratch(), d)))
}

// Tally draws a count in a column, dim where it is nothing.
func Tally(a canvas.Area, sp canvas.Span, role theme.Role, n uint64) {
	if n == 0 {
		role = theme.Dim
	}
	a.Right(sp.X, 0, sp.W, role, string(human.AppendCount(a.Scratch(), n)))
}

// OrDash draws text in a column; a dash for none.
func OrDash(a canvas.Area, sp canvas.Span, s string) {
	role := theme.Text
	if s == "" {
		s, role = "–", theme.Dim
	}
	a.Left(sp.X, 0, sp.W, role, s)
}
