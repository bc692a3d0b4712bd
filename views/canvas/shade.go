package canvas

import "dhtop/views/theme"

// Shades from 0 to the maximum; in ASCII the runes that are easiest to distinguish.
var (
	shades      = [...]rune{' ', theme.Empty, theme.Half, '▓', theme.Full}
	shadesASCII = [...]rune{' ', '.', ':', '=', '#'}
)

// Shade is the glyph for a part of top. A value above 0 is always visible.
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
