package main

import (
	"fmt"
	"strconv"
	"strings"
)

// style is how a cell looks. Colours are CSS colours, "" for the terminal's own.
type style struct {
	ink, paper string
	bold, dim  bool
	under      bool
}

// run is a piece of a row in one style.
type run struct {
	style
	at   int // the column
	text string
}

// row is one line of the screen.
type row []run

// parse reads a screen as tmux's capture-pane -e prints it: text and SGR sequences, which go on over line ends.
func parse(screen string) []row {
	rows := make([]row, height)
	var s style
	var reversed bool
	for y, line := range strings.SplitN(strings.TrimSuffix(screen, "\n"), "\n", height) {
		column := 0
		for line != "" {
			if rest, ok := strings.CutPrefix(line, "\x1b["); ok {
				codes, after, _ := strings.Cut(rest, "m")
				s, reversed = sgr(s, reversed, strings.Split(codes, ";"))
				line = after
				continue
			}
			text, _, _ := strings.Cut(line, "\x1b")
			line = line[len(text):]
			look := s
			if reversed {
				look.ink, look.paper = or(s.paper, paper), or(s.ink, ink)
			}
			rows[y] = append(rows[y], run{style: look, at: column, text: text})
			column += len([]rune(text))
		}
	}
	return rows
}

// or returns a colour, or another one where it is the terminal's own.
func or(colour, other string) string {
	if colour == "" {
		return other
	}
	return colour
}

// sgr returns the style after the codes of one SGR sequence.
func sgr(s style, reversed bool, codes []string) (style, bool) {
	for len(codes) > 0 {
		code, _ := strconv.Atoi(codes[0])
		codes = codes[1:]
		switch {
		case code == 0:
			s, reversed = style{}, false
		case code == 1:
			s.bold = true
		case code == 2:
			s.dim = true
		case code == 4:
			s.under = true
		case code == 7:
			reversed = true
		case code == 22:
			s.bold, s.dim = false, false
		case code == 24:
			s.under = false
		case code == 27:
			reversed = false
		case code >= 30 && code <= 37:
			s.ink = indexed(code - 30)
		case code == 38:
			s.ink, codes = colour(codes)
		case code == 39:
			s.ink = ""
		case code >= 40 && code <= 47:
			s.paper = indexed(code - 40)
		case code == 48:
			s.paper, codes = colour(codes)
		case code == 49:
			s.paper = ""
		case code >= 90 && code <= 97:
			s.ink = indexed(code - 90 + 8)
		case code >= 100 && code <= 107:
			s.paper = indexed(code - 100 + 8)
		}
	}
	return s, reversed
}

// colour reads what follows 38 or 48: 5 and an index, or 2 and three shares.
func colour(codes []string) (css string, rest []string) {
	switch {
	case len(codes) >= 2 && codes[0] == "5":
		n, _ := strconv.Atoi(codes[1])
		return indexed(n), codes[2:]
	case len(codes) >= 4 && codes[0] == "2":
		r, _ := strconv.Atoi(codes[1])
		g, _ := strconv.Atoi(codes[2])
		b, _ := strconv.Atoi(codes[3])
		return fmt.Sprintf("#%02x%02x%02x", r, g, b), codes[4:]
	default:
		return "", nil
	}
}

// ansi are the first sixteen colours.
var ansi = [16]string{
	"#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
	"#5c6370", "#ff7b86", "#b5e090", "#ffd68a", "#79c0ff", "#d8a0f0", "#7fdbe6", "#ffffff",
}

// indexed returns one of xterm's 256 colours.
func indexed(n int) string {
	switch {
	case n < 16:
		return ansi[max(n, 0)]
	case n < 232:
		n -= 16
		level := func(i int) int {
			if i == 0 {
				return 0
			}
			return 55 + 40*i
		}
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	default:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
}
