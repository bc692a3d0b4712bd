package lab

import (
	"dhtop/dhtcore"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// The columns of the knobs and the incidents, in cells.
const (
	nameAt   = 2
	valueAt  = 13
	valueW   = 8
	barAt    = valueAt + valueW + 1
	barMost  = 40
	wasW     = 12 // "was 500 ms" and a gap
	glyphAt  = 2
	wordAt   = 4
	figureAt = 20
)

// drawKnob draws a knob: its value, how far it is turned, and its value at the start if that was another.
func drawKnob(p *pane, a canvas.Area, row int) {
	k := &screen.Knobs[row]
	c, start := &p.lab.Conditions, &p.lab.Start
	a.Left(nameAt, 0, valueAt-nameAt-1, theme.Text, k.Name)
	role := theme.Text
	if !k.Same(c, start) {
		role = theme.Warn
	}
	a.Right(valueAt, 0, valueW, role, k.Text(c))
	bar := min(a.W-barAt-wasW, barMost)
	full := 0
	if level := k.Level(c); level > 0 {
		full = max(int(level*float64(bar)+0.5), 1)
	}
	a.Fill(barAt, 0, full, role, '▓')
	a.Fill(barAt+full, 0, bar-full, theme.Rule, theme.Empty)
	if !k.Same(c, start) {
		a.Left(barAt+bar+2, 0, wasW-2, theme.Dim, "was "+k.Text(start))
	}
}

func aboutKnob(p *pane, row int) explanation {
	k := &screen.Knobs[row]
	title := k.Name + ": " + k.Text(&p.lab.Conditions)
	if !k.Same(&p.lab.Conditions, &p.lab.Start) {
		title += ", " + k.Text(&p.lab.Start) + " at the start"
	}
	return explanation{title: title, text: k.Does, watch: k.Watch, keys: "left and right turn it"}
}

// drawIncident draws an incident: since when it goes on, and its figures; or that it does not.
func drawIncident(p *pane, a canvas.Area, row int) {
	incident := &screen.Incidents[row]
	going := screen.Ongoing(p.lab, incident.Kind)
	if going == nil {
		a.Set(glyphAt, 0, theme.Dim, theme.Silent)
		a.Put(wordAt, 0, theme.Text, incident.Kind.String())
		a.Left(figureAt, 0, a.W-figureAt-1, theme.Dim, "off")
		return
	}
	a.Set(glyphAt, 0, theme.Warn, theme.Answered)
	a.Put(wordAt, 0, theme.Warn, incident.Kind.String())
	f := canvas.Flow{Area: a.Sub(figureAt, 0, a.W-figureAt-1, 1), Gap: 2}
	for _, figure := range figures(going) {
		f.Say(canvas.Text(figure))
	}
	if incident.Targeted {
		f.Area.Left(f.X, 0, f.Area.W-f.X, theme.Dim, p.nameOf(going.Target))
	}
}

// nameOf is what a hash is called: its first digits, and its name if that is known.
func (p *pane) nameOf(hash dhtcore.ID) string {
	name := text.Prefix(hash, 8)
	if known := screen.NameOf(p.s, hash); known != "" {
		name += " " + known
	}
	return name
}

func aboutIncident(p *pane, row int) explanation {
	incident := &screen.Incidents[row]
	e := explanation{title: incident.Kind.String(), text: incident.Does, watch: incident.Watch, keys: "enter begins it"}
	if incident.Targeted {
		if h := p.st.Hash(p.s); h != nil {
			e.keys = "enter begins it at " + p.nameOf(h.InfoHash)
		} else {
			e.keys = "select a hash in pane 2 first"
		}
	}
	if going := screen.Ongoing(p.lab, incident.Kind); going != nil {
		e.keys = "enter ends it"
		if incident.Targeted {
			e.title += " at " + p.nameOf(going.Target)
		}
	}
	return e
}
