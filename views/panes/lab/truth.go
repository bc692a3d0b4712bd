package lab

import (
	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/screen"
	"dhtop/views/theme"
)

// truth is a measurement: what it is called, its value, what stands beside it, and whether it is bad.
type truth struct {
	label   string
	measure string // as scenarios know it
	value   func(*dhtcore.Measurements) string
	beside  func(*dhtcore.Measurements) string
	bad     func(*dhtcore.Measurements) bool
}

// unmeasured stands where a value is not known.
const unmeasured = "–"

// truths are the measurements, in the order of their rows.
var truths = [screen.Truths]truth{
	{label: "recall", measure: "recall",
		value:  func(m *dhtcore.Measurements) string { return share(m.Recall) },
		beside: func(m *dhtcore.Measurements) string { return "of the peers, in " + lookups(m.Lookups) },
		bad:    func(m *dhtcore.Measurements) bool { return m.Recall >= 0 && m.Recall < 0.9 }},
	{label: "missed peers", measure: "missed_peers",
		value:  func(m *dhtcore.Measurements) string { return count(m.MissedPeers) },
		beside: func(m *dhtcore.Measurements) string { return "that the honest nodes hold" },
		bad:    func(m *dhtcore.Measurements) bool { return false }},
	{label: "closest found", measure: "closest_found",
		value:  func(m *dhtcore.Measurements) string { return share(m.ClosestFound) },
		beside: func(m *dhtcore.Measurements) string { return "of the 8 honest nodes closest" },
		bad:    func(m *dhtcore.Measurements) bool { return m.ClosestFound >= 0 && m.ClosestFound < 0.7 }},
	{label: "false contacts", measure: "false_share",
		value:  func(m *dhtcore.Measurements) string { return count(m.FalseContacts) },
		beside: func(m *dhtcore.Measurements) string { return "of " + count(m.Contacts) + " in our table" },
		bad:    func(m *dhtcore.Measurements) bool { return m.FalseShare > 0.2 }},
	{label: "risk right", measure: "risk_right",
		value: func(m *dhtcore.Measurements) string { return share(m.RiskRight) },
		beside: func(m *dhtcore.Measurements) string {
			if m.Risk == "" {
				return "of the lookups"
			}
			return "of the lookups; last: " + m.Risk
		},
		bad: func(m *dhtcore.Measurements) bool { return m.RiskRight >= 0 && m.RiskRight < 0.9 }},
	{label: "violations", measure: "interval_violations",
		value:  func(m *dhtcore.Measurements) string { return count(m.IntervalViolations) },
		beside: func(m *dhtcore.Measurements) string { return "of the intervals of BEP 51" },
		bad:    func(m *dhtcore.Measurements) bool { return m.IntervalViolations > 0 }},
	{label: "deaf", measure: "deaf",
		value: func(m *dhtcore.Measurements) string {
			if m.Deaf < 0 {
				return unmeasured
			}
			return long(m.Deaf)
		},
		beside: func(m *dhtcore.Measurements) string { return "hardly any reply, at most" },
		bad:    func(m *dhtcore.Measurements) bool { return m.Deaf.Seconds() > 30 }},
	{label: "answered", measure: "answered",
		value:  func(m *dhtcore.Measurements) string { return share(m.Answered) },
		beside: func(m *dhtcore.Measurements) string { return "of a stranger's pings" },
		bad:    func(m *dhtcore.Measurements) bool { return m.Answered >= 0 && m.Answered < 0.9 }},
}

func share(v float64) string {
	if v < 0 {
		return unmeasured
	}
	return human.Percent(v)
}

func count(n int) string {
	if n < 0 {
		return unmeasured
	}
	return human.Count(n)
}

func lookups(n int) string { return human.Amount(max(n, 0), "lookup", "lookups") }

// The columns of the truth, in cells.
const (
	truthValueAt  = 16
	truthValueW   = 7
	truthBesideAt = truthValueAt + truthValueW + 2
)

// truthLine are the measurements that the truth in a line has room for, under a short name.
var truthLine = [...]struct {
	name string
	row  int
}{{"recall ", 0}, {"missed ", 1}, {"false ", 3}, {"risk right ", 4}, {"violations ", 5}, {"deaf ", 6}}

// drawTruthLine writes the truth in a line.
func (p *pane) drawTruthLine(a canvas.Area) {
	f := canvas.Flow{Area: a.Sub(1, 0, a.W-2, 1), Gap: 2}
	f.Say(canvas.Dim("truth"))
	for _, part := range truthLine {
		t, m := &truths[part.row], &p.lab.Truth
		value, role := t.styled(m)
		if !f.Say(canvas.Dim(part.name), canvas.Styled(role, value)) {
			return
		}
	}
}

// styled is the value of a measurement and its colour.
func (t *truth) styled(m *dhtcore.Measurements) (string, theme.Role) {
	value := t.value(m)
	switch {
	case value == unmeasured:
		return value, theme.Dim
	case t.bad(m):
		return value, theme.Bad
	default:
		return value, theme.Text
	}
}

func drawTruth(p *pane, a canvas.Area, row int) {
	t, m := &truths[row], &p.lab.Truth
	value, role := t.styled(m)
	a.Left(nameAt, 0, truthValueAt-nameAt, theme.Text, t.label)
	a.Right(truthValueAt, 0, truthValueW, role, value)
	if value != unmeasured {
		a.Left(truthBesideAt, 0, a.W-truthBesideAt-1, theme.Dim, t.beside(m))
	}
}

func aboutTruth(p *pane, row int) explanation {
	t := &truths[row]
	return explanation{title: t.label, text: dhtcore.MeasureHelp(t.measure)}
}
