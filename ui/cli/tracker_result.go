package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// addResult is what became of one torrent.
type addResult struct {
	InfoHashes []string `json:"info_hashes"`
	Name       *string  `json:"name"`
	Size       *int64   `json:"size"`
	Added      bool     `json:"added"` // false where the tracker knew it, too
	Error      *string  `json:"error"`
}

// addResults are the document of the tracker command.
type addResults []addResult

// line is a result for people.
func (r *addResult) line() string {
	word := "known"
	if r.Added {
		word = "added"
	}
	line := word + "  " + strings.Join(r.InfoHashes, " ")
	if r.Name != nil {
		line += "  " + *r.Name
	}
	return line
}

// WritePlain writes a line a torrent that was added.
func (l addResults) WritePlain(w io.Writer) error {
	for i := range l {
		if l[i].Error == nil {
			if _, err := fmt.Fprintln(w, l[i].line()); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteCSV writes a header and a line a torrent.
func (l addResults) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"info_hashes", "name", "size", "added", "error"}) //nolint:errcheck // Error has it
	for i := range l {
		r := &l[i]
		size := ""
		if r.Size != nil {
			size = strconv.FormatInt(*r.Size, 10)
		}
		c.Write([]string{strings.Join(r.InfoHashes, " "), orEmpty(r.Name), size, strconv.FormatBool(r.Added), orEmpty(r.Error)}) //nolint:errcheck // as above
	}
	c.Flush()
	return c.Error()
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
