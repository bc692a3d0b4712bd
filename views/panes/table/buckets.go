package table

import (
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

const (
	bucketBar   = 8                     // cells: Kademlia's k, so that a cell is a node
	bucketWidth = 3 + 1 + bucketBar + 6 // index, gap, bar, counts as in " 6·2+8"
)

// Notes count the nodes of all identities by standing.
func Notes(a canvas.Area, s *dhtcore.Snapshot) []string {
	var good, questionable, bad, replacements int
	for i := range s.Nodes {
		n := &s.Nodes[i]
		good, questionable, bad, replacements = good+n.Good, questionable+n.Questionable, bad+n.Bad, replacements+n.Replacements
	}
	b := strconv.AppendInt(a.Scratch(), int64(good), 10)
	b = append(b, " good · "...)
	b = strconv.AppendInt(b, int64(questionable), 10)
	b = append(b, " questionable"...)
	short := len(b)
	if bad > 0 {
		b = strconv.AppendInt(append(b, " · "...), int64(bad), 10)
		b = append(b, " bad"...)
	}
	middle := len(b)
	if replacements > 0 {
		b = strconv.AppendInt(append(b, " · "...), int64(replacements), 10)
		b = append(b, " replacements"...)
	}
	note := string(b)
	return []string{note, note[:middle], note[:short]}
}

// securityNote says how many nodes have an ID that BEP 42 allows at their address, those of local networks
// left out; "" where there are none.
func securityNote(a canvas.Area, s *dhtcore.Snapshot) string {
	valid, judged, exempt := 0, 0, 0
	for i := range s.Nodes {
		for j := range s.Nodes[i].Contacts {
			switch s.Nodes[i].Contacts[j].Security() {
			case dhtcore.ValidID:
				valid++
				judged++
			case dhtcore.WrongID:
				judged++
			case dhtcore.ExemptID:
				exempt++
			}
		}
	}
	switch {
	case judged > 0:
		b := strconv.AppendInt(append(a.Scratch(), " · "...), int64(100*valid/judged), 10)
		return string(append(b, " % valid IDs"...))
	case exempt > 0:
		return " · IDs exempt"
	}
	return ""
}

// DrawBuckets draws the buckets of every identity as bars, as many as fit, and marks the one that is
// selected, if any: it is always among them.
func DrawBuckets(a canvas.Area, s *dhtcore.Snapshot, selected *screen.NodeBucket) {
	across := max(a.W/bucketWidth, 1)
	y := min(a.H-1-bucketLine(s, across, selected), 0)
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if len(s.Nodes) > 1 {
			if y >= 0 {
				drawIdentity(a.Row(y), n)
			}
			y++
		}
		for j, b := range n.Buckets {
			line := y + j/across
			if line < 0 || line >= a.H {
				continue
			}
			cell := a.Sub(j%across*bucketWidth, line, bucketWidth, 1)
			if selected != nil && *selected == (screen.NodeBucket{Vantage: i, Index: b.Index}) {
				cell.Set(markColumn(b.Index), 0, theme.Accent, theme.Selected)
				cell.Chosen = true
			}
			drawBucket(cell, b)
		}
		y += (len(n.Buckets) + across - 1) / across
	}
}

// bucketLine is the line on which DrawBuckets draws a bucket, were there room for all; 0 for none.
func bucketLine(s *dhtcore.Snapshot, across int, b *screen.NodeBucket) (y int) {
	if b == nil || b.Vantage >= len(s.Nodes) {
		return 0
	}
	for i := range s.Nodes[:b.Vantage+1] {
		if len(s.Nodes) > 1 {
			y++
		}
		if n := len(s.Nodes[i].Buckets); i < b.Vantage {
			y += (n + across - 1) / across
		} else {
			y += min(b.Index, max(n-1, 0)) / across
		}
	}
	return y
}

// BucketLines is how many lines DrawBuckets takes at a width.
func BucketLines(s *dhtcore.Snapshot, w int) int {
	across, lines := max(w/bucketWidth, 1), 0
	for i := range s.Nodes {
		if len(s.Nodes) > 1 {
			lines++
		}
		lines += (len(s.Nodes[i].Buckets) + across - 1) / across
	}
	return lines
}

// drawIdentity heads the buckets of one of several identities.
func drawIdentity(a canvas.Area, n *dhtcore.Vantage) {
	x := a.Put(1, 0, theme.Dim, n.Family.String())
	x = a.Put(x, 0, theme.Dim, " ")
	x = a.Number(x, 0, theme.Text, n.Good)
	x = a.Put(x, 0, theme.Dim, " good · ")
	x = a.Number(x, 0, theme.Text, n.Questionable)
	a.Put(x, 0, theme.Dim, " questionable")
}

// markColumn is where a selected bucket is marked: right before its index.
func markColumn(index int) int {
	if index < 10 {
		return 1
	}
	return 0
}

func drawBucket(a canvas.Area, b dhtcore.BucketView) {
	index := string(strconv.AppendInt(a.Scratch(), int64(b.Index), 10))
	a.Put(3-len(index), 0, theme.Dim, index)
	total := b.Good + b.Questionable + b.Bad
	good, questionable, bad := b.Good, b.Questionable, b.Bad
	if total > bucketBar { // a bucket wider than k, as some tables have near us
		good = good * bucketBar / total
		questionable = questionable * bucketBar / total
		bad = bucketBar - good - questionable
	}
	x := 4
	a.Fill(x, 0, good, theme.Good, theme.Full)
	a.Fill(x+good, 0, questionable, theme.Warn, theme.Half)
	a.Fill(x+good+questionable, 0, bad, theme.Bad, theme.Lied)
	a.Fill(x+good+questionable+bad, 0, bucketBar-good-questionable-bad, theme.Rule, theme.Empty)
	x = a.Number(x+bucketBar+1, 0, theme.Text, b.Good)
	if others := b.Questionable + b.Bad; others > 0 {
		x = a.Put(x, 0, theme.Dim, "·")
		x = a.Number(x, 0, theme.Text, others)
	}
	if b.Replacements > 0 {
		x = a.Put(x, 0, theme.Dim, "+")
		a.Number(x, 0, theme.Dim, b.Replacements)
	}
}
