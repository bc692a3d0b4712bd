package views

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/theme"
)

// stored says what became of an announce or a put.
func (f *facts) stored(lk *dhtcore.LookupState) {
	switch {
	case lk.Stored == nil:
		f.tokens(lk)
		return
	case len(lk.Stored) == 0:
		f.explain("stored", theme.Bad, "nowhere: no node gave a token")
		return
	}
	w := f.about("stored")
	w.say(Text(human.Count(accepted(lk))), Dim(" of "), Text(human.Count(len(lk.Stored))),
		Dim(human.Plural(len(lk.Stored), " node took it", " nodes took it")))
	f.end(w)
}

// refusals lists who did not, and why.
func (f *facts) refusals(st *State, lk *dhtcore.LookupState) {
	label := "refused"
	for i := range lk.Stored {
		if r := &lk.Stored[i]; r.Err != nil && f.y < f.a.h {
			f.refusal(st, label, r)
			label = ""
		}
	}
}

// tokens says how many of the closest would store something now.
func (f *facts) tokens(lk *dhtcore.LookupState) {
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
	w := f.about("tokens")
	w.say(Text(human.Count(tokens)), Dim(" of "), Text(human.Count(n)), comma(announce))
	if announce {
		w.say(Title("a"), Dim(" announces to them"))
	}
	f.end(w)
}

// refusal is a line on a node that did not store. Errors may hold addresses, so that masked only the
// fact is told.
func (f *facts) refusal(st *State, label string, r *dhtcore.Receipt) {
	w := f.about(label)
	w.a.set(0, 0, theme.Bad, theme.Lied)
	x := w.a.id(2, 0, theme.Text, r.ID, 8) + 1
	why := "did not"
	if !st.Masked {
		why = r.Err.Error()
	}
	if !f.whole {
		w.a.left(x, 0, w.a.w-x, theme.Bad, why)
		f.end(w)
		return
	}
	w.x = x
	w.say(Styled(theme.Bad, why))
	f.end(w)
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
