package report

import (
	"bytes"
	"io"
)

// Form is the format of a command's output.
type Form struct {
	JSON, NDJSON, CSV bool
	Options
}

// Plain reports whether the output is for people.
func (f *Form) Plain() bool { return !f.JSON && !f.NDJSON && !f.CSV }

// Document is the result of a command, which can be printed in every form.
type Document interface {
	WritePlain(w io.Writer) error
	WriteCSV(w io.Writer) error
}

// Print writes a document in the form of the output.
func (f *Form) Print(w io.Writer, d Document) error {
	switch {
	case f.JSON:
		return WriteJSON(w, d)
	case f.NDJSON:
		return WriteNDJSON(w, d)
	case f.CSV:
		return d.WriteCSV(w)
	}
	return d.WritePlain(w)
}

// PrintOne writes one document of many in the form of the output, a CSV without its header if there is one already.
func (f *Form) PrintOne(w io.Writer, d Document, begun bool) error {
	if !f.CSV || !begun {
		return f.Print(w, d)
	}
	var text bytes.Buffer
	if err := d.WriteCSV(&text); err != nil {
		return err
	}
	_, rows, _ := bytes.Cut(text.Bytes(), []byte{'\n'})
	_, err := w.Write(rows)
	return err
}
