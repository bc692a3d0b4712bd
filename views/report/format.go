package report

import (
	"fmt"
	"slices"
	"strings"
)

// Format is how a list of hashes is written.
type Format uint8

// The formats.
const (
	Plain  Format = iota // for people: "  1. <hash>  (23 requests, 12 sources)"
	CSV                  // RFC 4180 with a header line
	JSON                 // one array
	NDJSON               // one object a line
	Magnet               // one link a line
	Pcapng               // of packets alone, which ParseFormat does not read: see Capture
)

var formats = [...]string{"plain", "csv", "json", "ndjson", "magnet"}

// String returns the name of the format.
func (f Format) String() string {
	if f == Pcapng {
		return "pcapng"
	}
	return formats[f]
}

// FormatNames are the names that ParseFormat reads.
func FormatNames() []string { return formats[:] }

// ParseFormat reads the name of a format.
func ParseFormat(s string) (Format, error) {
	if i := slices.Index(formats[:], s); i >= 0 {
		return Format(i), nil
	}
	return Plain, fmt.Errorf("unknown format %q: use one of %s", s, strings.Join(formats[:], ", "))
}
