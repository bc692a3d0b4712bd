// Package theme says what the screens look like: which colour a role has and which rune stands in
// for a glyph where only ASCII can be shown.
//
// Roles are defined with Lip Gloss and rendered once, in New, into the SGR sequence that switches
// to them: Style.Render costs 2 µs and a dozen allocations a cell, a ready sequence 40 ns. A Theme
// is immutable, so all may share it. The package is also where the program decides between dark and
// light, see background.go.
package theme

import (
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Role is the part that a piece of text plays on the screen. The zero Role is plain text.
type Role uint8

// The roles. Accent marks the selection and nothing else; Good, Warn and Bad only repeat what a glyph
// or a word says already.
const (
	Text   Role = iota
	Dim         // units, labels, ages: what may be overlooked
	Rule        // lines of boxes and axes
	Title       // names of panes, keys in the hint line
	Accent      // the selection
	Bright      // a number that has just changed
	Good
	Warn
	Bad
	roles
)

// Reset ends what SGR began, in a theme with colours.
const Reset = "\x1b[0m"

// Theme is a set of colours and the choice of glyphs.
type Theme struct {
	Name   string
	ASCII  bool // draw with ASCII only: pass every rune through Fold
	Blocks bool // draw graphs in blocks: there is no Braille in the terminal's font

	sgr [roles]string
}

// palettes holds the colours by theme, as numbers of the 256-colour palette, which every terminal of
// this century and tmux know, and which no user's scheme redefines. Empty is the default colour.
//
// Text in them has a contrast of at least 4.5:1 (WCAG 2, AA) on the usual dark and light backgrounds, in the
// high contrast themes 7:1 (AAA) on black and on white. The colours of the colour-blind themes are near those of Okabe and Ito:
// blue, yellow and vermilion stay apart for those who see red and green alike.
var palettes = map[string][roles]string{
	"dark":                {Dim: "245", Rule: "239", Accent: "80", Bright: "231", Good: "114", Warn: "179", Bad: "203"},
	"light":               {Dim: "241", Rule: "250", Accent: "25", Bright: "16", Good: "22", Warn: "94", Bad: "124"},
	"high-contrast":       {Dim: "252", Rule: "250", Title: "231", Accent: "51", Bright: "226", Good: "120", Warn: "221", Bad: "217"},
	"high-contrast-light": {Dim: "236", Rule: "240", Title: "16", Accent: "18", Bright: "53", Good: "22", Warn: "52", Bad: "88"},
	"colour-blind":        {Dim: "245", Rule: "239", Accent: "231", Bright: "231", Good: "74", Warn: "221", Bad: "209"},
	"colour-blind-light":  {Dim: "241", Rule: "250", Accent: "16", Bright: "16", Good: "25", Warn: "94", Bad: "125"},
	"mono":                {},
}

// bold are the roles that weight sets apart as well.
var bold = [roles]bool{Title: true, Accent: true, Bright: true}

// Names lists the themes, the default first.
func Names() []string {
	return []string{"dark", "light", "high-contrast", "high-contrast-light", "colour-blind", "colour-blind-light", "mono"}
}

// Next returns the name of the theme after one, in the order of Names.
// A name that is none leads to the first.
func Next(name string) string {
	names := Names()
	return names[(slices.Index(names, name)+1)%len(names)]
}

// New returns the theme of that name, or nil when there is none; Pick has the error that helps.
func New(name string) *Theme {
	palette, ok := palettes[name]
	if !ok {
		return nil
	}
	t := &Theme{Name: name}
	if name == "mono" {
		return t
	}
	// A renderer of our own: what the default one finds out about stdout must not decide.
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.ANSI256)
	for role, colour := range palette {
		style := r.NewStyle().Bold(bold[role])
		if colour != "" {
			style = style.Foreground(lipgloss.Color(colour))
		}
		before, _, _ := strings.Cut(style.Render("x"), "x")
		t.sgr[role] = before
	}
	return t
}

// WithBlocks returns the theme with graphs in blocks, not in Braille.
func (t *Theme) WithBlocks() *Theme {
	blocks := *t
	blocks.Blocks = true
	return &blocks
}

// WithASCII returns the theme with ASCII glyphs.
func (t *Theme) WithASCII() *Theme {
	ascii := *t
	ascii.ASCII = true
	return &ascii
}

// SGR returns the sequence that switches from the default look to the role's; "" when both are the same.
func (t *Theme) SGR(r Role) string { return t.sgr[r] }
