package page

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
)

// The size of a chart in its own units; the style sheet stretches it.
const (
	chartWidth  = 240
	chartHeight = 48
)

// chart is a line over time with its name and its highest value.
type chart struct {
	Name, Now, Highest string
	SVG                template.HTML
}

// Traffic are the charts: packets of the last minutes, and figures of the last day.
func (c *content) Traffic() (charts []chart) {
	h := c.s.Traffic.History
	charts = append(charts, newChart("packets in, two minutes", "/s", h, dhtcore.HistoryLen))
	day := c.s.History.Samples
	if len(day) < 2 {
		return charts
	}
	for _, figure := range dayFigures() {
		values := make([]float64, len(day))
		for i := range day {
			values[i] = float64(day[i].Values[figure])
		}
		info := &dhtcore.Figures[figure]
		charts = append(charts, newChart(info.Name+", "+human.Age(day[len(day)-1].At.Sub(day[0].At)), info.Unit, values, len(values)))
	}
	return charts
}

// dayFigures are the figures of the history that the page draws.
func dayFigures() (figures []int) {
	for i := range dhtcore.Figures {
		switch dhtcore.Figures[i].Name {
		case "packets out", "requests", "RTT, median":
			figures = append(figures, i)
		}
	}
	return figures
}

// newChart draws values, NaN where one is unknown, at the right of a place for n.
func newChart(name, unit string, values []float64, n int) chart {
	highest, now := 0., math.NaN()
	for _, v := range values {
		if !math.IsNaN(v) {
			highest, now = max(highest, v), v
		}
	}
	ch := chart{Name: name, Highest: human.Rate(highest) + unit}
	if !math.IsNaN(now) {
		ch.Now = human.Rate(now) + unit
	}
	var d strings.Builder
	step := float64(chartWidth) / float64(max(n-1, 1))
	first := n - len(values)
	pen := "M"
	for i, v := range values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		y := chartHeight - 1 - v/max(highest, 1e-9)*(chartHeight-3)
		fmt.Fprintf(&d, "%s%.1f %.1f", pen, float64(first+i)*step, y)
		pen = "L"
	}
	ch.SVG = svg(chartWidth, chartHeight, `class="chart" preserveAspectRatio="none" role="img" aria-label="`+template.HTMLEscapeString(name)+`"`,
		`<path d="`+d.String()+`" vector-effect="non-scaling-stroke"/>`)
	return ch
}

// bars draws small counts beside each other.
func bars(counts []uint32) template.HTML {
	const width, height = 6, 14
	highest := uint32(1)
	for _, n := range counts {
		highest = max(highest, n)
	}
	var b strings.Builder
	for i, n := range counts {
		h := 1 + int(n)*(height-1)/int(highest)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/>`, i*width, height-h, width-1, h)
	}
	return svg(width*len(counts), height, `class="bars" aria-hidden="true"`, b.String())
}

// bucketTable is a routing table as columns, a bucket each.
type bucketTable struct {
	Name, Notes string
	SVG         template.HTML
}

// Tables are the routing tables, one an identity of ours.
func (c *content) Tables() (tables []bucketTable) {
	for i := range c.s.Nodes {
		v := &c.s.Nodes[i]
		tables = append(tables, bucketTable{
			Name: v.Family.String() + " on " + c.o.Addr(v.Addr),
			Notes: human.Count(v.Good) + " good, " + human.Count(v.Questionable) + " questionable, " + human.Count(v.Bad) + " bad, " +
				human.Count(v.Replacements) + " replacements",
			SVG: buckets(v.Buckets),
		})
	}
	return tables
}

func buckets(views []dhtcore.BucketView) template.HTML {
	const width, unit = 12, 6
	var b strings.Builder
	for i, v := range views {
		y := unit * dhtcore.BucketSize
		for _, part := range []struct {
			class string
			n     int
		}{{"good", v.Good}, {"questionable", v.Questionable}, {"bad", v.Bad}} {
			n := min(part.n, y/unit)
			y -= n * unit
			if n > 0 {
				fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, part.class, i*width, y, width-2, n*unit-1)
			}
		}
		fmt.Fprintf(&b, `<rect class="floor" x="%d" y="%d" width="%d" height="1"/>`, i*width, unit*dhtcore.BucketSize, width-2)
	}
	return svg(width*max(len(views), 1), unit*dhtcore.BucketSize+1, `class="buckets" preserveAspectRatio="xMinYMax" role="img" aria-label="buckets, far to near"`, b.String())
}

// svg wraps shapes. All parts are ours: numbers and constant texts.
func svg(w, h int, attributes, shapes string) template.HTML {
	return template.HTML(`<svg viewBox="0 0 ` + strconv.Itoa(w) + ` ` + strconv.Itoa(h) + `" ` + attributes + `>` + shapes + `</svg>`) //nolint:gosec // see above
}
