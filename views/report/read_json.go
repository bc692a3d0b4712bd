package report

import (
	"bufio"
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
	if array {
		d.Token() //nolint:errcheck // the bracket
	}
	for d.More() {
		var s storedRow
		if err := d.Decode(&s); err != nil {
			return fmt.Errorf("line %d: not a row of an export: %w", lines.at(d), err)
		}
		if !row(lines.at(d), &s) {
			return nil
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
		return fmt.Errorf("line %d: %w", lines.at(d), err)
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
