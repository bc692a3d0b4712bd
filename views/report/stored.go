package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore"
)

// Stored is a row of an export as JSON: a row of the ranking, and who counted it.
type Stored struct {
	Hash
	Origins []Origin `json:"origins"`
}

// Origin is what one store counted of a hash, from its first_seen to its last_seen.
type Origin struct {
	Origin        string    `json:"origin"` // 16 hexadecimal digits that stand for the store
	Requests      uint64    `json:"requests"`
	RawRequests   uint64    `json:"raw_requests"`
	Maintenance   uint64    `json:"maintenance"`
	Announces     uint64    `json:"announces"`
	Sources       int       `json:"sources"`
	Samples       uint64    `json:"samples"`
	Peers         int       `json:"peers"`
	Seeds         int       `json:"seeds"`
	PeersEstimate int       `json:"peers_estimate"`
	FirstSeen     timestamp `json:"first_seen"`
	LastSeen      timestamp `json:"last_seen"`
	Tracked       uint64    `json:"tracked"`
}

// storedHeader is the header of an export as CSV. Where scripts that count columns look for it, before tracked, stand the
// origins, one behind the other with a space between them, each as the fields of Origin with a colon between them and
// times in milliseconds since 1970; maintenance follows the times, and tracked where it is not 0.
var storedHeader = strings.Replace(csvHeader, ",tracked", ",origins,tracked", 1)

// StoredWriter writes the rows of an export one by one. CSV, JSON and NDJSON say who counted, so that
// an import can tell what it has already; the other formats are those of HashWriter.
type StoredWriter struct{ *HashWriter }

// NewStoredWriter returns a writer of rows in the format f. Nothing is complete before its Close.
func NewStoredWriter(w io.Writer, f Format) *StoredWriter {
	return &StoredWriter{NewHashWriter(w, f)}
}

// Write adds a row.
func (sw *StoredWriter) Write(e *dhtcore.StoreEntry) error {
	switch sw.f {
	case CSV:
		sw.begin()
		sw.line = appendCSV(sw.line[:0], &e.HashRow)
		sw.line = append(sw.line, ',')
		for i := range e.Parts {
			if i > 0 {
				sw.line = append(sw.line, ' ')
			}
			sw.line = appendOrigin(sw.line, &e.Parts[i])
		}
		sw.line = strconv.AppendUint(append(sw.line, ','), e.Tracked, 10)
		sw.line = append(sw.line, '\n')
	case JSON:
		if !sw.begin() {
			sw.w.WriteString(",\n") //nolint:errcheck // bufio keeps the error for the next write
		}
		sw.line = appendJSON(sw.line[:0], newStored(e))
	case NDJSON:
		sw.line = append(appendJSON(sw.line[:0], newStored(e)), '\n')
	default:
		return sw.HashWriter.Write(&e.HashRow)
	}
	_, err := sw.w.Write(sw.line)
	return err
}

// begin writes the header before the first row, and reports whether it did so now.
func (sw *StoredWriter) begin() (first bool) {
	if sw.f != CSV || sw.begun {
		return sw.HashWriter.begin()
	}
	sw.begun = true
	sw.w.WriteString(storedHeader) //nolint:errcheck // bufio keeps the error for the next write
	return true
}

// Close ends the list and hands everything on. It does not close the writer below.
func (sw *StoredWriter) Close() error {
	if sw.f == CSV {
		sw.begin()
	}
	return sw.HashWriter.Close()
}

func newStored(e *dhtcore.StoreEntry) Stored {
	s := Stored{NewHash(&e.HashRow), make([]Origin, len(e.Parts))}
	for i := range e.Parts {
		p := &e.Parts[i]
		s.Origins[i] = Origin{p.Origin.String(), p.Requests, p.RawRequests, p.Maintenance, p.Announces, p.Sources, p.Samples, p.Peers,
			p.Seeds, p.PeersEstimate, timestamp(p.FirstSeen), timestamp(p.LastSeen), p.Tracked}
	}
	return s
}

func appendOrigin(dst []byte, p *dhtcore.StorePart) []byte {
	dst = append(dst, p.Origin.String()...)
	for _, n := range [...]uint64{p.Requests, p.RawRequests, p.Announces, uint64(p.Sources), p.Samples, uint64(p.Peers),
		uint64(p.Seeds), uint64(p.PeersEstimate)} {
		dst = strconv.AppendUint(append(dst, ':'), n, 10)
	}
	for _, t := range [...]time.Time{p.FirstSeen, p.LastSeen} {
		if dst = append(dst, ':'); !t.IsZero() {
			dst = strconv.AppendInt(dst, t.UnixMilli(), 10)
		}
	}
	dst = strconv.AppendUint(append(dst, ':'), p.Maintenance, 10)
	if p.Tracked > 0 { // versions that do not know of it can read all other exports
		dst = strconv.AppendUint(append(dst, ':'), p.Tracked, 10)
	}
	return dst
}
