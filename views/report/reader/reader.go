package reader

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"dhtop/dhtcore"
)

const (
	// maxCount is the greatest count that an import accepts: readers of JSON handle integers up to here exactly,
	// and a thousand of them can be added.
	maxCount = 1 << 53
	// maxImportName is the longest name, in bytes: more than file systems allow.
	maxImportName = 4096
	// maxRow is the longest row, in bytes: four times what the longest name and maxOrigins need.
	maxRow = 1 << 20
	// maxOrigins is the most stores in one row.
	maxOrigins = 1024
)

// errRow is for an input in which a row does not end.
var errRow = fmt.Errorf("the row is longer than %d KiB: this is not an export", maxRow>>10)

// errOrigin is for a row without an origin.
var errOrigin = errors.New("no origin: pass --origin NAME, the same for every export of that store")

// Stored yields the counts in an export, one part for each store that counted a hash. It reads CSV, JSON and
// NDJSON as report.StoredWriter and report.HashWriter write them, and the top list of a crawl as JSON or NDJSON, and detects which
// it is. Columns and fields may come in any
// order, all but info_hash may be missing, and unknown ones are ignored. Rows without an origin belong to
// origin; they are an error if origin is nil. An error ends the sequence and names the line.
func Stored(r io.Reader, origin *dhtcore.StoreOrigin) iter.Seq2[dhtcore.StorePart, error] {
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

// firstByte skips a byte order mark and white space, and returns the first byte after them without taking it.
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

// storedRow is a row of an export, unchecked.
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

	RawRequests uint64      `json:"raw_requests"` // of files of before there were any: 0
	Maintenance flagOrCount `json:"maintenance"`  // the same
	Tracked     uint64      `json:"tracked"`      // the same

	// A summary of a crawl has rows of its own. Its stream has events before it, which say their kind.
	Kind string      `json:"kind"`
	Top  []storedRow `json:"top"`
}

// flagOrCount is a count in a row. An event of a stream, which no row stands for, has a flag of that name.
type flagOrCount uint64

// UnmarshalJSON implements json.Unmarshaler.
func (c *flagOrCount) UnmarshalJSON(b []byte) error {
	if string(b) == "true" {
		return nil
	}
	return json.Unmarshal(b, (*uint64)(c))
}

// rows returns the rows that a JSON object stands for: itself, those of a summary, or none of an event.
func (s *storedRow) rows() []storedRow {
	switch {
	case s.Top != nil:
		return s.Top
	case s.Kind != "":
		return nil
	}
	return []storedRow{*s}
}

type storedOrigin struct {
	Origin        string `json:"origin"`
	Requests      uint64 `json:"requests"`
	RawRequests   uint64 `json:"raw_requests"`
	Maintenance   uint64 `json:"maintenance"`
	Announces     uint64 `json:"announces"`
	Sources       uint64 `json:"sources"`
	Samples       uint64 `json:"samples"`
	Peers         uint64 `json:"peers"`
	Seeds         uint64 `json:"seeds"`
	PeersEstimate uint64 `json:"peers_estimate"`
	FirstSeen     string `json:"first_seen"`
	LastSeen      string `json:"last_seen"`
	Tracked       uint64 `json:"tracked"`
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
		return nil, fmt.Errorf("the name has %d bytes: at most %d are allowed", len(s.Name), maxImportName)
	}
	p.Name = dhtcore.Printable(s.Name)
	origins := s.Origins
	switch {
	case len(origins) > maxOrigins:
		return nil, fmt.Errorf("%d origins: at most %d are allowed", len(origins), maxOrigins)
	case len(origins) == 0 && origin == nil:
		return nil, errOrigin
	case len(origins) == 0:
		origins = []storedOrigin{{Origin: origin.String(), Requests: s.Requests, RawRequests: s.RawRequests, Maintenance: uint64(s.Maintenance),
			Announces: s.Announces, Sources: s.Sources, Samples: s.Samples, Peers: s.Peers,
			FirstSeen: s.FirstSeen, LastSeen: s.LastSeen, Tracked: s.Tracked}}
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
	for _, n := range [...]uint64{
		o.Requests, o.RawRequests, o.Announces, o.Sources, o.Samples, o.Peers, o.Seeds, o.PeersEstimate, o.Maintenance, o.Tracked,
	} {
		if n > maxCount {
			return fmt.Errorf("%d is not a valid count", n)
		}
	}
	p.Requests, p.RawRequests, p.Announces, p.Samples = o.Requests, max(o.RawRequests, o.Requests), o.Announces, o.Samples
	p.Maintenance, p.Tracked = o.Maintenance, o.Tracked
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
