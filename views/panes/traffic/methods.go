package traffic

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/canvas"
	"dhtop/views/panes/list"
	"dhtop/views/screen"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// From these sizes on there is room for more than the rows of the methods.
const (
	roomForTimes = 6  // lines below them: the RTT histogram, or what was dropped
	roomForBoth  = 90 // cells: both of those, side by side
	roomForWhy   = 70 // cells: what each reason for a drop means
	timesShare   = 45 // percent of the cells that the histogram has then
)

// methodRow is what the cells of a line are drawn from.
type methodRow struct {
	s      *dhtcore.Snapshot
	method dhtcore.Method
}

func (r *methodRow) stats() *dhtcore.MethodStats   { return &r.s.Traffic.Methods[r.method] }
func (r *methodRow) detail() *dhtcore.MethodDetail { return &r.s.Traffic.Details[r.method] }

// The columns of our queries and of those of others, for the line above their titles.
const (
	firstOurs   = 1
	firstOthers = 11
)

var methods = list.Table[methodRow]{List: screen.MethodList, Columns: []list.Column[methodRow]{
	{Title: "method", About: "The question, by its name in KRPC (BEP 5, 44, 51). Most of what comes in are get_peers and find_node.",
		Width: 12, Want: 17,
		Cell: func(line canvas.Area, sp canvas.Span, r *methodRow) {
			line.Left(sp.X, 0, sp.W, theme.Text, r.method.String())
		}},
	counted("asked", "Queries that this node sent since the start.", 0, func(r *methodRow) uint64 { return r.stats().Out }),
	counted("replied", "Valid replies to them. Half or more is normal on Mainline.", 2, func(r *methodRow) uint64 { return r.stats().RepliesIn }),
	counted("refused", "KRPC errors in their place: a few, and nearly all of sample_infohashes and get, which many nodes do not know.", 6, func(r *methodRow) uint64 { return r.stats().ErrorsIn }),
	{Title: "silent", About: "The share without a reply within 5 seconds. Up to half is normal on Mainline, as half of the contacts there are gone.",
		Width: 6, Right: true, Cell: drawSilent},
	timed("p50 ms", "The time within which half of the replies came, late ones included, within an eighth. 50 to 200 ms is normal.", 1, 0.5),
	timed("p95", "The time within which 95 of 100 replies came. Below a second is normal.", 4, 0.95),
	timed("p99", "The time within which 99 of 100 replies came. A second or two is normal.", 7, 0.99),
	{Title: "times", About: "How the times spread, from the shortest to the longest, four steps an octave. One hill is normal.",
		Width: 12, Grow: mostSpread - 12, Drop: 13, Cell: drawSpread},
	sized("sent", "Bytes of our queries, without headers: about 100 each.", 10, func(r *methodRow) uint64 { return r.detail().QueryBytesOut }),
	sized("got", "Bytes of the answers to them: 250 to 600 each.", 11, func(r *methodRow) uint64 { return r.detail().AnswerBytesIn }),
	counted("in", "Queries of others since the start. None within twenty minutes says that the port is closed.", 0, func(r *methodRow) uint64 { return r.stats().In }),
	counted("answered", "Our replies to them. Nearly all is normal.", 3, func(r *methodRow) uint64 { return r.stats().RepliesOut }),
	counted("declined", "Our errors in their place, mostly as a token is bad. A few per cent of announces are normal.", 5, func(r *methodRow) uint64 { return r.stats().ErrorsOut }),
	counted("dropped", "Queries that got no answer, as the limits on replies allow none, or as this node is read-only. Near 0 is normal.", 8, func(r *methodRow) uint64 { return r.detail().Unanswered }),
	sized("got", "Bytes of their queries, without headers: about 100 each.", 12, func(r *methodRow) uint64 { return r.detail().QueryBytesIn }),
	sized("sent", "Bytes of our answers: 250 to 600 each.", 9, func(r *methodRow) uint64 { return r.detail().AnswerBytesOut }),
}}

// mostSpread is the widest sparkline of times, in cells.
const mostSpread = 42

// countWidth is the width of a number of things below a million with its comma, and of 1.2 M.
const countWidth = 7

func counted(title, about string, drop int, of func(*methodRow) uint64) list.Column[methodRow] {
	return list.Column[methodRow]{Title: title, About: about, Width: max(countWidth, len(title)), Right: true, Drop: drop,
		Cell: func(line canvas.Area, sp canvas.Span, r *methodRow) { list.Tally(line, sp, theme.Text, of(r)) }}
}

func sized(title, about string, drop int, of func(*methodRow) uint64) list.Column[methodRow] {
	return list.Column[methodRow]{Title: title, About: about, Width: 7, Right: true, Drop: drop,
		Cell: func(line canvas.Area, sp canvas.Span, r *methodRow) {
			line.Right(sp.X, 0, sp.W, theme.Dim, string(appendBytes(line.Scratch(), float64(of(r)))))
		}}
}

func timed(title, about string, drop int, q float64) list.Column[methodRow] {
	return list.Column[methodRow]{Title: title, About: about, Width: max(5, len(title)), Right: true, Drop: drop,
		Cell: func(line canvas.Area, sp canvas.Span, r *methodRow) {
			list.Millis(line, sp, r.detail().RTT.Quantile(q))
		}}
}

// drawSilent draws the share of the queries that ended without a reply.
func drawSilent(line canvas.Area, sp canvas.Span, r *methodRow) {
	m := r.stats()
	ended := m.RepliesIn + m.ErrorsIn + m.TimedOut
	if ended == 0 {
		line.Right(sp.X, 0, sp.W, theme.Dim, "–")
		return
	}
	line.Right(sp.X, 0, sp.W, theme.Text, human.Percent(float64(m.TimedOut)/float64(ended)))
}

// drawSpread draws the round-trip times from the first bucket to the last as a sparkline.
func drawSpread(line canvas.Area, sp canvas.Span, r *methodRow) {
	h := &r.detail().RTT
	if h.Count() == 0 {
		return
	}
	var room [2 * mostSpread]float64
	values := room[:min(line.Values(sp.W), len(room))]
	for i, n := range h {
		values[i*len(values)/len(h)] += float64(n)
	}
	line.Sparkline(sp.X, 0, theme.Dim, values, canvas.Highest(values))
}

// shortBytes writes a number of bytes in at most seven cells: 0, 812 B, 1.2 kB, 31.4 MB.
func shortBytes(n float64) string {
	var buf [16]byte
	return string(appendBytes(buf[:0], n))
}

// appendBytes is shortBytes onto dst.
func appendBytes(dst []byte, n float64) []byte {
	if n < 1 {
		return append(dst, '0')
	}
	dst = human.AppendRate(dst, n)
	if n < 999.5 {
		dst = append(dst, ' ')
	}
	return append(dst, 'B')
}

// drawMethods draws a row a method, the times of the selected one, and what was dropped.
func drawMethods(a canvas.Area, s *dhtcore.Snapshot, st *screen.State) {
	t := &s.Traffic
	a = a.Heading("traffic by method", human.Count(t.PacketsIn)+" packets in, "+human.Count(t.PacketsOut)+" out · "+
		shortBytes(float64(t.BytesIn))+" in, "+shortBytes(float64(t.BytesOut))+" out", shortBytes(float64(t.BytesIn))+" in, "+shortBytes(float64(t.BytesOut))+" out")
	rows := screen.Methods(s)
	r := &methodRow{s: s}
	layout := methods.Place(a.W, st, r)
	if a.H > len(rows)+2 {
		drawGroups(a.TakeTop(1), &layout)
	}
	methods.DrawHeader(a.TakeTop(1), st, &layout)
	methods.DrawRows(a.TakeTop(min(len(rows), a.H)), st, &layout, len(rows), r, func(r *methodRow, i int) { r.method = rows[i] })
	if a.H < roomForTimes {
		return
	}
	a.TakeTop(1)
	selected := rows[screen.Clamp(st.Lists[screen.MethodList].Row, len(rows))]
	if a.W < roomForBoth {
		drawDrops(a.TakeBottom(min(a.H-roomForTimes+1, dropLines(a.W)+1)), s)
		drawTimes(a, s, selected)
		return
	}
	top := a.TakeTop(len(drops) + 1)
	times := top.TakeLeft(top.W * timesShare / 100)
	drawTimes(times, s, selected)
	top.TakeLeft(2)
	drawDrops(top, s)
	if a.H > roomForTimes {
		a.TakeTop(1)
		drawPackets(a, s)
	}
}

// mostChart is the most lines of the chart of packets.
const mostChart = 16

// drawPackets draws the packets that came in each second of the last two minutes.
func drawPackets(a canvas.Area, s *dhtcore.Snapshot) {
	h := s.Traffic.History
	a = a.TakeTop(mostChart).Heading("packets in per second, the last two minutes", "now "+human.Rate(s.Traffic.InRate)+"/s · most "+human.Rate(canvas.Highest(h))+"/s")
	a = a.Sub(1, 0, a.W-2, a.H)
	columns := make([]float64, a.Values(a.W))
	for x := range columns {
		if i := x*dhtcore.HistoryLen/len(columns) - dhtcore.HistoryLen + len(h); i >= 0 {
			columns[x] = h[i]
		}
	}
	a.Graph(theme.Text, columns, canvas.Highest(columns))
}

// drawGroups says which columns are of our queries, and which of those of others.
func drawGroups(line canvas.Area, l *list.Layout) {
	for _, group := range [...]struct {
		first       int
		title, less string
	}{{firstOurs, "our queries", "ours"}, {firstOthers, "queries of others", "others"}} {
		sp := l.Span(group.first)
		x := sp.X + max(sp.W-len(methods.Columns[group.first].Title), 0)
		switch {
		case sp.W == 0:
		case x+len(group.title) < line.W:
			line.Put(x, 0, theme.Dim, group.title)
		default:
			line.Put(sp.X+sp.W-len(group.less), 0, theme.Dim, group.less)
		}
	}
}

// drawTimes draws the round-trip times of one method as a histogram, and the errors that it had.
func drawTimes(a canvas.Area, s *dhtcore.Snapshot, m dhtcore.Method) {
	r := &methodRow{s, m}
	h := &r.detail().RTT
	n := h.Count()
	note := human.Amount(n, "reply", "replies")
	if n > 0 {
		note += " · p50 " + human.Duration(h.Quantile(0.5)) + "  p95 " + human.Duration(h.Quantile(0.95)) + "  p99 " + human.Duration(h.Quantile(0.99))
	}
	a = a.Heading("time to the reply: "+m.String(), note, human.Amount(n, "reply", "replies"))
	drawErrors(&a, r)
	if n == 0 {
		a.Put(2, 0, theme.Dim, "no reply to this method yet")
		return
	}
	if a.H < 2 {
		return
	}
	axis := a.TakeBottom(1)
	a = a.Sub(1, 0, a.W-2, a.H)
	buckets := dhtcore.RTTBuckets
	each := max((buckets+a.Values(a.W)-1)/max(a.Values(a.W), 1), 1) // buckets in a column
	wide := max(a.Values(a.W)/((buckets+each-1)/each), 1)           // columns of a bucket
	var columns []float64
	for i := 0; i < buckets; i += each {
		sum := uint64(0)
		for j := i; j < min(i+each, buckets); j++ {
			sum += h[j]
		}
		for range wide {
			columns = append(columns, float64(sum))
		}
	}
	a.Graph(theme.Text, columns, canvas.Highest(columns))
	perCell := a.Values(100) / 100
	end := 0
	for _, at := range [...]struct {
		time  time.Duration
		label string
	}{{100 * time.Microsecond, "│0.1 ms"}, {time.Millisecond, "│1 ms"}, {10 * time.Millisecond, "│10 ms"},
		{100 * time.Millisecond, "│100 ms"}, {time.Second, "│1 s"}, {5 * time.Second, "│5 s"}} {
		x, label := 1+dhtcore.RTTBucket(at.time)/each*wide/perCell, at.label
		if w := text.Width(label); x >= end && x+w < axis.W {
			axis.Put(x, 0, theme.Dim, label)
			end = x + w
		}
	}
}

// drawErrors writes the KRPC errors of a method by their codes, on the last lines.
func drawErrors(a *canvas.Area, r *methodRow) {
	d := r.detail()
	for _, way := range [...]struct {
		label string
		codes *[dhtcore.ErrorCodes]uint64
	}{{"refused us", &d.RefusedIn}, {"declined", &d.RefusedOut}} {
		total := uint64(0)
		for _, n := range way.codes {
			total += n
		}
		if total == 0 || a.H < 4 {
			continue
		}
		f := &canvas.Facts{Area: a.TakeBottom(1)}
		w := f.Parts(way.label)
		for i, n := range way.codes {
			if n > 0 {
				w.Say(canvas.Text(human.Count(n)), canvas.Dim(" "+dhtcore.ErrorName(i)))
			}
		}
	}
}
