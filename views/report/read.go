package report

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
)

const (
	// maxCount is the greatest number that an import takes for a count: JSON's readers know integers up to
	// here exactly, and a thousand of them can be added up.
	maxCount = 1 << 53
	// maxImportName bounds a name, in bytes, beyond what a file system has.
	maxImportName = 4096
	// maxRow bounds what is read for one row, in bytes: four times what the longest name and maxOrigins take.
	maxRow = 1 << 20
	// maxOrigins is how many stores' counts one row may bring.
	maxOrigins = 1024
)

// errRow is about an input in which a row does not end.
var errRow = fmt.Errorf("a row of more than %d KiB is none of an export", maxRow>>10)

// errOrigin is about a row that does not say who counted.
var errOrigin = errors.New("it does not say which store counted it: pass --origin NAME, the same for every export of that store")

// ReadStored yields what an export says, a part for each store that counted a hash. It reads CSV, JSON
// and NDJSON, whichever it is, as StoredWriter and HashWriter write them: columns and fields may come
// in any order, all but info_hash may be missing, and others are passed over. Rows that do not say
// who counted are origin's; that is an error if origin is nil. An error ends the sequence, and names
// the line.
func ReadStored(r io.Reader, origin *dhtcore.StoreOrigin) iter.Seq2[dhtcore.StorePart, error] {
	return func(yield func(dhtcore.StorePart, error) bool) {
		in := bufio.NewReaderSize(r, 1<<16)
		row := func(line int, s *storedRow) (more bool) {
			parts, err := s.parts(origin)
			if err != nil {
				yield(dhtcore.StorePart{}, fmt.Errorf("line %d: %w", line, err))
				return false
			}
			for _, p := range parts {
				if !yield(p, nil) {
					return false
				}
			}
			return true
		}
		read := readCSV
		if first := firstByte(in); first == '{' || first == '[' {
			read = readJSON
		}
		if err := read(in, row); err != nil {
			yield(dhtcore.StorePart{}, err)
		}
	}
}

// firstByte returns the first byte that is no space, and takes what stands before it.
func firstByte(in *bufio.Reader) byte {
	if mark, err := in.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		in.Discard(len(mark)) //nolint:errcheck // it was there just now
	}
	for {
		b, err := in.ReadByte()
		if err != nil {
			return 0
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			in.UnreadByte() //nolint:errcheck // one byte was read
			return b
		}
	}
}

// storedRow is a row as it was read.
type storedRow struct {
	InfoHash  string         `json:"info_hash"`
	Name      string         `json:"name"`
	Requests  uint64         `json:"requests"`
	Announces uint64         `json:"announces"`
	Sources   uint64         `json:"sources"`
	Samples   uint64         `json:"samples"`
	Peers     uint64         `json:"peers"`
	FirstSeen string         `json:"first_seen"`
	LastSeen  string         `json:"last_seen"`
	Origins   []storedOrigin `json:"origins"`
}

type storedOrigin struct {
	Origin        string `json:"origin"`
	Requests      uint64 `json:"requests"`
	RawRequests   uint64 `json:"raw_requests"`
	Announces     uint64 `json:"announces"`
	Sources       uint64 `json:"sources"`
	Samples       uint64 `json:"samples"`
	Peers         uint64 `json:"peers"`
	Seeds         uint64 `json:"seeds"`
	PeersEstimate uint64 `json:"peers_estimate"`
	FirstSeen     string `json:"first_seen"`
	LastSeen      string `json:"last_seen"`
}

// parts checks a row and returns what each store counted.
func (s *storedRow) parts(origin *dhtcore.StoreOrigin) ([]dhtcore.StorePart, error) {
	var p dhtcore.StorePart
	if len(s.InfoHash) != 2*len(p.InfoHash) {
		return nil, fmt.Errorf("info_hash %.60q: want %d hexadecimal digits", s.InfoHash, 2*len(p.InfoHash))
	}
	if _, err := hex.Decode(p.InfoHash[:], []byte(s.InfoHash)); err != nil {
		return nil, fmt.Errorf("info_hash %q: %w", s.InfoHash, err)
	}
	if len(s.Name) > maxImportName {
		return nil, fmt.Errorf("a name of %d bytes is too long", len(s.Name))
	}
	p.Name = dhtcore.Printable(s.Name)
	origins := s.Origins
	switch {
	case len(origins) > maxOrigins:
		return nil, fmt.Errorf("%d origins are too many", len(origins))
	case len(origins) == 0 && origin == nil:
		return nil, errOrigin
	case len(origins) == 0:
		origins = []storedOrigin{{origin.String(), s.Requests, s.Requests, s.Announces, s.Sources, s.Samples, s.Peers, 0, 0, s.FirstSeen, s.LastSeen}}
	}
	parts := make([]dhtcore.StorePart, len(origins))
	for i := range origins {
		parts[i] = p
		if err := origins[i].into(&parts[i]); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

func (o *storedOrigin) into(p *dhtcore.StorePart) (err error) {
	if p.Origin, err = dhtcore.ParseOrigin(o.Origin); err != nil {
		return err
	}
	for _, n := range [...]uint64{o.Requests, o.RawRequests, o.Announces, o.Sources, o.Samples, o.Peers, o.Seeds, o.PeersEstimate} {
		if n > maxCount {
			return fmt.Errorf("%d is no count", n)
		}
	}
	p.Requests, p.RawRequests, p.Announces, p.Samples = o.Requests, max(o.RawRequests, o.Requests), o.Announces, o.Samples
	p.Sources, p.Peers, p.Seeds, p.PeersEstimate = int(o.Sources), int(o.Peers), int(o.Seeds), int(o.PeersEstimate)
	if p.FirstSeen, err = readTime(o.FirstSeen); err != nil {
		return err
	}
	p.LastSeen, err = readTime(o.LastSeen)
	return err
}

func readTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, fmt.Errorf("time %.60q: want RFC 3339, such as 2026-01-02T15:04:05Z", s)
	}
	return t.UTC(), nil
}

// readJSON reads one array of objects, or objects one behind the other.
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
			return fmt.Errorf("line %d: no row of an export: %w", lines.at(d), err)
		}
		if !row(lines.at(d), &s) {
			return nil
		}
		bound.left = maxRow
	}
	_, err := d.Token()
	switch {
	case errors.Is(err, io.EOF) && array:
		return fmt.Errorf("line %d: the array has no end: the file is cut off", lines.at(d))
	case err == nil && array:
		if _, err = d.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("line %d: more follows the array: import each export as a file of its own", lines.at(d))
		}
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("line %d: %w", lines.at(d), err)
	}
	return nil
}

// rowBound ends an input in which a row does not end, before memory does: whoever reads rows sets left
// to maxRow with each.
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

// lineCounter tells which line a decoder has come to.
type lineCounter struct {
	in      io.Reader
	breaks  []int64 // offsets of the line ends that were read and not passed yet
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

// readCSV reads a header and the rows under it.
func readCSV(in *bufio.Reader, row func(line int, s *storedRow) bool) error {
	bound := &rowBound{in: in, left: maxRow}
	c := csv.NewReader(bound)
	c.ReuseRecord = true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	columns := slices.Clone(header)
	if !slices.Contains(columns, "info_hash") {
		return errors.New("line 1: no column info_hash: want an export as CSV, JSON or NDJSON")
	}
	line := 1
	for {
		bound.left = maxRow
		fields, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errRow):
			return fmt.Errorf("after line %d: %w", line, err)
		case err != nil:
			return err
		}
		var s storedRow
		line, _ = c.FieldPos(0)
		for i, field := range fields {
			if err := s.set(columns[i], field); err != nil {
				return fmt.Errorf("line %d: %w", line, err)
			}
		}
		if !row(line, &s) {
			return nil
		}
	}
}

// set reads the field of one column.
func (s *storedRow) set(column, field string) (err error) {
	switch column {
	case "info_hash":
		s.InfoHash = field
	case "name":
		s.Name = field
	case "first_seen":
		s.FirstSeen = field
	case "last_seen":
		s.LastSeen = field
	case "origins":
		s.Origins, err = readOrigins(field)
	default:
		counts := map[string]*uint64{"requests": &s.Requests, "announces": &s.Announces, "sources": &s.Sources,
			"samples": &s.Samples, "peers": &s.Peers}
		if n := counts[column]; n != nil && field != "" {
			*n, err = readCount(field)
		}
	}
	return err
}

func readCount(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%.60q is no count", s)
	}
	return n, nil
}

// readOrigins reads what appendOrigin wrote.
func readOrigins(s string) (origins []storedOrigin, err error) {
	for text := range strings.FieldsSeq(s) {
		fields := strings.Split(text, ":")
		var o storedOrigin
		counts := [...]*uint64{&o.Requests, &o.RawRequests, &o.Announces, &o.Sources, &o.Samples, &o.Peers, &o.Seeds, &o.PeersEstimate}
		times := [...]*string{&o.FirstSeen, &o.LastSeen}
		if len(fields) != 1+len(counts)+len(times) {
			return nil, fmt.Errorf("origin %.60q: want %d fields", text, 1+len(counts)+len(times))
		}
		o.Origin = fields[0]
		for i, n := range counts {
			if *n, err = readCount(fields[1+i]); err != nil {
				return nil, err
			}
		}
		for i, t := range times {
			if *t, err = readMillis(fields[1+len(counts)+i]); err != nil {
				return nil, err
			}
		}
		if origins = append(origins, o); len(origins) > maxOrigins {
			return nil, fmt.Errorf("more than %d origins", maxOrigins)
		}
	}
	return origins, nil
}

// readMillis returns a time in milliseconds since 1970 as RFC 3339.
func readMillis(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	t := time.UnixMilli(ms).UTC()
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return "", fmt.Errorf("time %.60q: want milliseconds since 1970", s)
	}
	return t.Format(timeLayout), nil
}
