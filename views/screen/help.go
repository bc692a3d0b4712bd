package screen

// GlyphLines are the lines of the help for the glyphs, with their title and a gap.
const GlyphLines = 14

// The most lines of what a pane shows, in the narrowest window, and the fewest letters of them all but the last.
const (
	aboutLines  = 16
	aboutNarrow = 30
)

// AboutLines is how many lines of the help say what is shown, at most.
func AboutLines(st *State) int { return max(aboutLines, len(st.About())/aboutNarrow+1) }

// HelpLines is how long the help is at most: in one column, in the narrowest window.
func HelpLines(st *State) int { return AboutLines(st) + KeyLines(st.Keys) + GlyphLines }

// KeyLines is how many lines keys take, with the names of their groups and a gap between them.
func KeyLines(keys []Key) int {
	n := len(keys)
	for i := range keys {
		switch {
		case i == 0:
			n++
		case keys[i].Group != keys[i-1].Group:
			n += 2
		}
	}
	return n
}
