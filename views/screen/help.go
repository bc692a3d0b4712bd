package screen

// The most lines of the help that are not keys: what the pane shows, in the narrowest window, and the glyphs
// with their title and a gap.
const (
	AboutLines = 16
	GlyphLines = 14
)

// HelpLines is how long the help is at most: in one column, in the narrowest window.
func HelpLines(st *State) int { return AboutLines + KeyLines(st.Keys) + GlyphLines }

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
