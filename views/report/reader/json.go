package reader

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// readJSON reads one array of objects, or a sequence of objects.
func readJSON(in *bufio.Reader, row func(line int, s *storedRow) bool) error {
	bound := &rowBound{in: in, left: maxRow}
	lines := &lineCounter{in: bound}
	d := json.NewDecoder(lines)
	array := firstByte(in) == '['
	if !array && isSummary(in) {
		return readSummary(d, bound, lines, row)
	}
	if array {
		d.Token() //nolint:errcheck // the bracket
	}
	for d.More() {
		var s storedRow
		if err := d.Decode(&s); err != nil {
			return fmt.Errorf("line %d: not a row of an export: %w", lines.at(d), jsonError(err))
		}
		line := lines.at(d)
		for _, r := range s.rows() {
			if !row(line, &r) {
				return nil
			}
		}
		bound.left = maxRow
	}
	_, err := d.Token()
	switch {
	case errors.Is(err, io.EOF) && array:
		return fmt.Errorf("line %d: the array does not end: the file is incomplete", lines.at(d))
	case err == nil && array:
		if _, err = d.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: more follows the array: import each export as a file of its own", lines.at(d))
		}
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("line %d: %w", lines.at(d), jsonError(err))
	}
	return nil
}

// isSummary reports whether in begins as the document of "crawl --json" does, whose top list can be longer than a row.
func isSummary(in *bufio.Reader) bool {
	const enough = 64
	begin, _ := in.Peek(enough) // a short input is none
	return bytes.HasPrefix(bytes.Join(bytes.Fields(begin), nil), []byte(`{"started":`))
}

// readSummary reads the rows of the top list of such a document.
func readSummary(d *json.Decoder, bound *rowBound, lines *lineCounter, row func(line int, s *storedRow) bool) error {
	wrong := func(err error) error {
		return fmt.Errorf("line %d: not the summary of a crawl: %w", lines.at(d), jsonError(err))
	}
	d.Token() //nolint:errcheck // the brace
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return wrong(err)
		}
		if key != "top" {
			if err := d.Decode(new(json.RawMessage)); err != nil {
				return wrong(err)
			}
			continue
		}
		if open, err := d.Token(); err != nil || open != json.Delim('[') {
			return wrong(errors.New("its top list is none"))
		}
		for d.More() {
			var s storedRow
			if err := d.Decode(&s); err != nil {
				return wrong(err)
			}
			if !row(lines.at(d), &s) {
				return nil
			}
			bound.left = maxRow
		}
		if _, err := d.Token(); err != nil { // the bracket
			return wrong(err)
		}
	}
	if _, err := d.Token(); err != nil { // the brace
		return fmt.Errorf("line %d: the summary does not end: the file is incomplete", lines.at(d))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("line %d: more follows the summary: import each one as a file of its own", lines.at(d))
	}
	return nil
}

// rowBound fails when a row does not end, before it fills the memory. The reader of rows sets left to maxRow for
// each.
type rowBound struct {
	in   io.Reader
	left int
}

func (r *rowBound) Read(b []byte) (n int, err error) {
	if r.left <= 0 {
		return 0, errRow
	}
	n, err = r.in.Read(b[:min(len(b), r.left)])
	r.left -= n
	return n, err
}

// lineCounter knows at which line a decoder is.
type lineCounter struct {
	in      io.Reader
	breaks  []int64 // offsets of the line ends that the decoder has not passed yet
	offset  int64
	current int
}

func (l *lineCounter) Read(b []byte) (n int, err error) {
	n, err = l.in.Read(b)
	for i, c := range b[:n] {
		if c == '\n' {
			l.breaks = append(l.breaks, l.offset+int64(i))
		}
	}
	l.offset += int64(n)
	return n, err
}

func (l *lineCounter) at(d *json.Decoder) int {
	passed := 0
	for passed < len(l.breaks) && l.breaks[passed] < d.InputOffset() {
		passed++
	}
	l.breaks = append(l.breaks[:0], l.breaks[passed:]...)
	l.current += passed
	return l.current + 1
}

// jsonError says in plain words why something cannot be decoded. Other errors stay as they are.
func jsonError(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is incomplete: export it again")
	}
	if bad, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%q is of the wrong type: mend it, or export again", bad.Field)
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errors.New("it is no valid JSON: mend it, or export again")
	}
	return err
}
