package reader

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
		return csvError(err)
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
			return csvError(err)
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
			"samples": &s.Samples, "peers": &s.Peers, "raw_requests": &s.RawRequests, "maintenance": (*uint64)(&s.Maintenance), "tracked": &s.Tracked}
		if n := counts[column]; n != nil && field != "" {
			*n, err = readCount(field)
		}
	}
	return err
}

func readCount(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%.60q is not a valid count", s)
	}
	return n, nil
}

// readOrigins parses what appendOrigin writes.
func readOrigins(s string) (origins []storedOrigin, err error) {
	for text := range strings.FieldsSeq(s) {
		fields := strings.Split(text, ":")
		var o storedOrigin
		counts := [...]*uint64{&o.Requests, &o.RawRequests, &o.Announces, &o.Sources, &o.Samples, &o.Peers,
			&o.Seeds, &o.PeersEstimate}
		times := [...]*string{&o.FirstSeen, &o.LastSeen}
		last := 1 + len(counts) + len(times)
		optional := [...]*uint64{&o.Maintenance, &o.Tracked} // an older export does not have them
		if len(fields) < last {
			return nil, fmt.Errorf("origin %.60q: want at least %d fields", text, last)
		}
		for i, n := range optional[:min(len(fields)-last, len(optional))] {
			if *n, err = readCount(fields[last+i]); err != nil {
				return nil, err
			}
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
	return t.Format(time.RFC3339Nano), nil
}

// csvError says in plain words what is wrong with a line.
func csvError(err error) error {
	bad, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return err
	}
	text := "a quote is in the wrong place or does not end"
	if errors.Is(err, csv.ErrFieldCount) {
		text = "it has more or fewer fields than the header"
	}
	return fmt.Errorf("line %d: %s: mend it, or export again", bad.StartLine, text)
}
