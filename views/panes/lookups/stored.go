package lookups

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// writeStored writes the result of an announce or a put.
func writeStored(f *canvas.Facts, lk *dhtcore.LookupState) {
	switch {
	case lk.Stored == nil:
		writeTokens(f, lk)
		return
	case len(lk.Stored) == 0:
		f.Explain("stored", theme.Bad, "nowhere: no node gave a token")
		return
	}
	w := f.Label("stored")
	w.Say(canvas.Text(human.Count(accepted(lk))), canvas.Dim(" of "), canvas.Text(human.Count(len(lk.Stored))),
		canvas.Dim(human.Plural(len(lk.Stored), " node accepted it", " nodes accepted it")))
	f.End(w)
}

// writeRefusals lists the nodes that did not store it, and why.
func writeRefusals(f *canvas.Facts, st *screen.State, lk *dhtcore.LookupState) {
	label := "refused"
	for i := range lk.Stored {
		if r := &lk.Stored[i]; r.Err != nil && f.Y < f.Area.H {
			writeRefusal(f, st, label, r)
			label = ""
		}
	}
}

// writeTokens says how many of the closest would store something now.
func writeTokens(f *canvas.Facts, lk *dhtcore.LookupState) {
	n, tokens := len(lk.Closest), 0
	for i := range lk.Closest {
		if lk.Closest[i].Token {
			tokens++
		}
	}
	if n == 0 {
		return
	}
	announce := lk.Done && tokens > 0 && lk.Method == dhtcore.GetPeers
	w := f.Label("tokens")
	w.Say(canvas.Text(human.Count(tokens)), canvas.Dim(" of "), canvas.Text(human.Count(n)), canvas.Comma(announce))
	if announce {
		w.Say(canvas.Title("a"), canvas.Dim(" announces to them"))
	}
	f.End(w)
}

// writeRefusal is a line on a node that did not store. Errors may hold addresses, so that masked only the
// fact is told.
func writeRefusal(f *canvas.Facts, st *screen.State, label string, r *dhtcore.Receipt) {
	w := f.Label(label)
	w.Area.Set(0, 0, theme.Bad, theme.Lied)
	x := w.Area.ID(2, 0, theme.Text, r.ID, 8) + 1
	why := "error masked"
	if !st.Masked {
		why = r.Reason()
	}
	if !f.Full {
		w.Area.Left(x, 0, w.Area.W-x, theme.Bad, why)
		f.End(w)
		return
	}
	w.X = x
	w.Say(canvas.Styled(theme.Bad, why))
	f.End(w)
}

// accepted is how many nodes stored what was announced or put.
func accepted(lk *dhtcore.LookupState) (n int) {
	for i := range lk.Stored {
		if lk.Stored[i].Err == nil {
			n++
		}
	}
	return n
}
