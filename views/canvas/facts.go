package canvas

import "dhtop/views/theme"

// labelWidth is how many cells the label of a fact takes.
const labelWidth = 10

// Facts writes a sheet of facts into an area: a label and its text, of one line or more.
type Facts struct {
	Area Area
	Y    int
	Full bool // values are not cut
}

// Label begins a fact and returns the Flow for its words.
func (f *Facts) Label(label string) Flow {
	f.Area.Put(1, f.Y, theme.Dim, label)
	return Flow{Area: f.Area.Sub(labelWidth+1, f.Y, f.Area.W-labelWidth-2, f.Area.H-f.Y), Gap: 1, Breaks: true}
}

// Parts begins a fact of several parts.
func (f *Facts) Parts(label string) Flow {
	w := f.Label(label)
	w.Gap = 2
	return w
}

// End finishes the fact whose words are in w.
func (f *Facts) End(w Flow) { f.Y += w.Y + 1 }

// Explain writes a fact that is a sentence.
func (f *Facts) Explain(label string, role theme.Role, sentence string) {
	w := f.Label(label)
	f.Y += max(w.Area.Wrap(0, role, sentence), 1)
}

// Section begins another part of a page with a blank line and a title, and returns the area below.
func (f *Facts) Section(title string, notes ...string) Area {
	f.Y++
	below := f.Area.Sub(0, f.Y, f.Area.W, f.Area.H-f.Y).Heading(title, notes...)
	f.Y++
	return below
}

// Value writes a fact of one value, over as many lines as it takes; a dash for none.
func (f *Facts) Value(label, s string) {
	w, role := f.Label(label), theme.Text
	if s == "" {
		s, role = "–", theme.Dim
	}
	w.Say(Styled(role, s))
	f.End(w)
}
