package main

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// The terminal's own colours, and the size of a cell in pixels. Within the picture a cell is one wide and tall high.
const (
	ink   = "#c8ccd4"
	paper = "#15181e"

	cellWidth  = 8.4
	cellHeight = 18.0
	margin     = 12.0

	stride   = width + 2 // from one frame of the strip to the next
	tall     = cellHeight / cellWidth
	baseline = 0.75 * tall
)

// picture collects the parts of an SVG: each distinct row is drawn once, wherever and whenever it is shown.
type picture struct {
	looks map[style]string
	rows  map[string]string // drawing -> id
	defs  strings.Builder
	css   strings.Builder
}

// draw returns frames as an SVG, which moves if there are several.
func draw(reel []frame) string {
	p := picture{looks: map[style]string{}, rows: map[string]string{}}
	reel = merge(&p, reel)
	var body strings.Builder
	for i, f := range reel {
		for y, r := range f.rows {
			if id := p.row(r); id != "" {
				fmt.Fprintf(&body, `<use href="#%s"%s%s/>`, id, place("x", float64(i)*stride), place("y", float64(y)*tall+baseline))
			}
		}
	}
	w, h := width*cellWidth, height*cellHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 %g %g" width="%g" height="%g">`,
		w+2*margin, h+2*margin, w+2*margin, h+2*margin)
	fmt.Fprintf(&b, "<style>text{font:1.667px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;fill:%s}%s%s</style>",
		ink, p.css.String(), strip(reel))
	fmt.Fprintf(&b, `<defs>%s</defs><rect width="100%%" height="100%%" rx="8" fill="%s"/>`, p.defs.String(), paper)
	fmt.Fprintf(&b, `<svg x="%g" y="%g" width="%g" height="%g" viewBox="0 0 %d %.3f"><g class="reel">%s</g></svg></svg>`,
		margin, margin, w, h, width, height*tall, body.String())
	return b.String() + "\n"
}

// merge joins frames in a row that look the same.
func merge(p *picture, reel []frame) (merged []frame) {
	before := ""
	for _, f := range reel {
		var now strings.Builder
		for _, r := range f.rows {
			now.WriteString(p.drawing(r) + "\n")
		}
		if len(merged) > 0 && now.String() == before {
			merged[len(merged)-1].lasts += f.lasts
			continue
		}
		before = now.String()
		merged = append(merged, f)
	}
	return merged
}

// strip returns the CSS that pulls the frames, which lie side by side, past the window.
func strip(reel []frame) string {
	if len(reel) < 2 {
		return ""
	}
	var whole, gone time.Duration
	for _, f := range reel {
		whole += f.lasts
	}
	var b strings.Builder
	b.WriteString("@keyframes reel{")
	for i, f := range reel {
		fmt.Fprintf(&b, "%.2f%%{transform:translateX(%gpx)}", 100*gone.Seconds()/whole.Seconds(), -float64(i)*stride)
		gone += f.lasts
	}
	fmt.Fprintf(&b, "}.reel{animation:reel %.1fs step-end infinite}", whole.Seconds())
	return b.String()
}

// row returns the id of a row's drawing, "" if there is nothing to see.
func (p *picture) row(r row) string {
	drawing := p.drawing(r)
	if drawing == "" {
		return ""
	}
	id, ok := p.rows[drawing]
	if !ok {
		id = fmt.Sprintf("r%d", len(p.rows))
		p.rows[drawing] = id
		fmt.Fprintf(&p.defs, `<g id="%s">%s</g>`, id, drawing)
	}
	return id
}

// drawing returns the SVG of a row whose text stands on y = 0.
func (p *picture) drawing(r row) string {
	var b strings.Builder
	for _, piece := range r {
		if piece.paper != "" {
			fmt.Fprintf(&b, `<rect%s y="%.3g" width="%g" height="%.4g" fill="%s"/>`, place("x", float64(piece.at)), -baseline,
				float64(utf8.RuneCountInString(piece.text)), tall, piece.paper)
		}
		for _, word := range words(piece) {
			b.WriteString(p.word(word))
		}
	}
	return b.String()
}

// word returns the SVG of text. Its length keeps glyphs that come from other fonts from moving their neighbours.
func (p *picture) word(w run) string {
	length := ""
	if n := utf8.RuneCountInString(w.text); n > 1 && n != len(w.text) {
		length = place("textLength", float64(n))
	}
	return fmt.Sprintf("<text%s%s%s>%s</text>", place("x", float64(w.at)), p.look(w.style), length,
		strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(w.text))
}

// words cuts a run at its large gaps, which cost more than a new text.
func words(r run) (all []run) {
	const gap = 24
	text := []rune(r.text)
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		end, spaces := i, 0
		for j := i; j < len(text) && spaces < gap; j++ {
			if text[j] == ' ' {
				spaces++
				continue
			}
			spaces, end = 0, j+1
		}
		all = append(all, run{style: r.style, at: r.at + i, text: string(text[i:end])})
		i = end
	}
	return all
}

// look returns the attribute for a style.
func (p *picture) look(s style) string {
	s.paper = ""
	if s == (style{}) {
		return ""
	}
	class, ok := p.looks[s]
	if !ok {
		class = fmt.Sprintf("s%d", len(p.looks))
		p.looks[s] = class
		fmt.Fprintf(&p.css, ".%s{", class)
		if s.ink != "" {
			fmt.Fprintf(&p.css, "fill:%s;", s.ink)
		}
		if s.bold {
			p.css.WriteString("font-weight:bold;")
		}
		if s.dim {
			p.css.WriteString("opacity:.6;")
		}
		if s.under {
			p.css.WriteString("text-decoration:underline;")
		}
		p.css.WriteString("}")
	}
	return ` class="` + class + `"`
}

// place returns an attribute for a coordinate, nothing for 0.
func place(name string, at float64) string {
	if at == 0 {
		return ""
	}
	return fmt.Sprintf(` %s="%g"`, name, math.Round(1000*at)/1000)
}
