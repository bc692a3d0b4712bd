package canvas

import "dhtop/views/theme"

// Shades from nothing to the most; in ASCII what is told apart best.
var (
	shades      = [...]rune{' ', theme.Empty, theme.Half, '▓', theme.Full}
	shadesASCII = [...]rune{' ', '.', ':', '=', '#'}
)

// Shade is the glyph for a part of top. What is more than nothing shows.
func (a Area) Shade(v, top float64) rune {
	level := 0
	if v > 0 && top > 0 {
		level = max(int(min(v/top, 1)*float64(len(shades)-1)+0.5), 1)
	}
	if a.g.th.ASCII {
		return shadesASCII[level]
	}
	return shades[level]
}
