package hashes

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// drawFoldLine draws the line that stands for the hashes that nobody asked for.
func drawFoldLine(line canvas.Area, r *row) bool {
	if !r.fold {
		return false
	}
	rows := r.st.HashRows(r.s)
	glyph, does, n := theme.Folded, "enter lists them", len(rows.Folded)
	if all := r.s.Hashes.Seen - rows.Fold; all > n && r.st.HashOrder() == (dhtcore.Order{}) && r.st.Since.IsZero() {
		n, does = all, "enter lists the first "+human.Count(n)
	}
	if rows.Open() {
		glyph, does = theme.Unfolded, "enter folds them"
	}
	line.Set(2, 0, theme.Dim, glyph)
	x := line.Count(4, 0, theme.Text, n)
	if x = line.Put(x, 0, theme.Dim, " more ", onlySampled(rows.Folded)) + 2; x+len(does) < line.W {
		line.Put(x, 0, theme.Dim, does)
	}
	return true
}

// onlySampled says how hashes that nobody asked for came to be known.
func onlySampled(rows []dhtcore.HashRow) string {
	for i := range rows {
		if h := &rows[i]; h.Samples == 0 || h.Announces > 0 {
			return "were not asked for"
		}
	}
	return "were only sampled"
}

// drawFold explains the line, where the detail of a hash would be.
func drawFold(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	rows := st.HashRows(s)
	n := len(rows.Folded)
	a = a.Heading(human.Amount(n, "hash", "hashes") + " more")
	does := "enter lists them below this line."
	if rows.Open() {
		does = "They are listed below this line; enter folds them again."
	}
	a.Teach("Nobody has asked this node for them. Most were in the samples of other nodes (BEP 51), which say what those "+
		"nodes hold, not what is in demand.", does+" Sorted by another column or filtered, the list has them all.")
}
