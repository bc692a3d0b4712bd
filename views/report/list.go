package report

import (
	"bufio"
	"fmt"
	"io"
)

// list is how rows of one kind are written.
type list[T any] struct {
	header string // of CSV
	csv    func(dst []byte, row *T) []byte
	plain  func(dst []byte, row *T) []byte
}

// write writes rows in the format f; in JSON and NDJSON a row is an object.
func (l *list[T]) write(w io.Writer, f Format, rows []T) error {
	b := bufio.NewWriter(w)
	before, between, after := l.frame(f)
	b.WriteString(before) //nolint:errcheck // bufio keeps the error for Flush
	var line []byte
	for i := range rows {
		if i > 0 {
			b.WriteString(between) //nolint:errcheck // as above
		}
		switch f {
		case CSV:
			line = l.csv(line[:0], &rows[i])
		case JSON, NDJSON:
			line = appendJSON(line[:0], &rows[i])
		case Plain:
			line = l.plain(line[:0], &rows[i])
		default:
			return fmt.Errorf("these rows cannot be written as %s", f)
		}
		b.Write(line) //nolint:errcheck // as above
	}
	if len(rows) > 0 {
		after = "\n" + after
	}
	b.WriteString(after) //nolint:errcheck // as above
	return b.Flush()
}

// frame is what stands around the rows.
func (l *list[T]) frame(f Format) (before, between, after string) {
	switch f {
	case CSV:
		return l.header + "\n", "\n", ""
	case JSON:
		return "[\n", ",\n", "]\n"
	default:
		return "", "\n", ""
	}
}
