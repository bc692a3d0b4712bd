package cli

import (
	"bytes"
	"io"

	"dhtop/views/report"
)

// form is the format of a command's output.
type form struct {
	json, ndjson, csv bool
	report.Options
}

// plain reports whether the output is for people.
func (f *form) plain() bool { return !f.json && !f.ndjson && !f.csv }

// document is the result of a command, which can be printed in every form.
type document interface {
	WritePlain(w io.Writer) error
	WriteCSV(w io.Writer) error
}

// write writes a document in the form of the output.
func (f *form) write(w io.Writer, d document) error {
	switch {
	case f.json:
		return report.WriteJSON(w, d)
	case f.ndjson:
		return report.WriteNDJSON(w, d)
	case f.csv:
		return d.WriteCSV(w)
	}
	return d.WritePlain(w)
}

// writeOne writes one document of many in the form of the output, a CSV without its header if there is one already.
func (f *form) writeOne(w io.Writer, d document, begun bool) error {
	if !f.csv || !begun {
		return f.write(w, d)
	}
	var text bytes.Buffer
	if err := d.WriteCSV(&text); err != nil {
		return err
	}
	_, rows, _ := bytes.Cut(text.Bytes(), []byte{'\n'})
	_, err := w.Write(rows)
	return err
}
