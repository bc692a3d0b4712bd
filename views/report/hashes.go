package report

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"dhtop/dhtcore"
)

// Hash is a row of the ranking as JSON; its fields, in this order, are the columns of CSV as well.
type Hash struct {
	Rank      int        `json:"rank"`
	InfoHash  dhtcore.ID `json:"info_hash"`
	Name      *string    `json:"name"`
	Requests  uint64     `json:"requests"`
	Announces uint64     `json:"announces"`
	Sources   int        `json:"sources"`
	Samples   uint64     `json:"samples"`
	Peers     int        `json:"peers"`
	FirstSeen timestamp  `json:"first_seen"`
	LastSeen  timestamp  `json:"last_seen"`

	RawRequests uint64 `json:"raw_requests"` // with the repeats of a source within a minute, which requests counts once
	Maintenance uint64 `json:"maintenance"`  // requests that look like the maintenance of a routing table, and count nowhere else
	Tracked     uint64 `json:"tracked"`      // announces that our own tracker took in
}

const csvHeader = "rank,info_hash,name,requests,announces,sources,samples,peers,first_seen,last_seen,raw_requests,maintenance,tracked\n"

// NewHash returns the JSON form of a row of the ranking.
func NewHash(r *dhtcore.HashRow) Hash {
	return Hash{r.Rank, r.InfoHash, nullable(r.Name), r.Requests, r.Announces, r.Sources, r.Samples, r.Peers,
		timestamp(r.FirstSeen), timestamp(r.LastSeen), r.RawRequests, r.Maintenance, r.Tracked}
}

// WriteHashes writes rows in the format f.
func WriteHashes(w io.Writer, f Format, rows []dhtcore.HashRow) error {
	hw := NewHashWriter(w, f)
	for i := range rows {
		if err := hw.Write(&rows[i]); err != nil {
			return err
		}
	}
	return hw.Close()
}

// HashWriter writes rows one by one, for exports that do not fit in memory.
type HashWriter struct {
	w     *bufio.Writer
	f     Format
	begun bool
	line  []byte
}

// NewHashWriter returns a writer of rows in the format f. Nothing is complete before its Close.
func NewHashWriter(w io.Writer, f Format) *HashWriter {
	return &HashWriter{w: bufio.NewWriter(w), f: f}
}

// Write adds a row.
func (hw *HashWriter) Write(r *dhtcore.HashRow) error {
	if hw.f == Magnet && r.OnlyMaintenance() {
		return nil // there is no such torrent
	}
	first := hw.begin()
	switch hw.f {
	case CSV:
		hw.line = append(appendCSV(hw.line[:0], r), ',')
		hw.line = append(strconv.AppendUint(hw.line, r.Tracked, 10), '\n')
	case JSON:
		if !first {
			hw.w.WriteString(",\n") //nolint:errcheck // bufio keeps the error for the next write
		}
		hw.line = appendJSON(hw.line[:0], NewHash(r))
	case NDJSON:
		hw.line = append(appendJSON(hw.line[:0], NewHash(r)), '\n')
	case Magnet:
		hw.line = append(appendMagnet(hw.line[:0], r), '\n')
	default:
		hw.line = append(appendRank(hw.line[:0], r), '\n')
	}
	_, err := hw.w.Write(hw.line)
	return err
}

// Close ends the list and hands everything on. It does not close the writer below.
func (hw *HashWriter) Close() error {
	empty := hw.begin()
	if hw.f == JSON {
		if !empty {
			hw.w.WriteByte('\n') //nolint:errcheck // Flush returns the error
		}
		hw.w.WriteString("]\n") //nolint:errcheck // Flush returns the error
	}
	return hw.w.Flush()
}

// begin writes the header before the first row, and reports whether it did so now.
func (hw *HashWriter) begin() (first bool) {
	if hw.begun {
		return false
	}
	hw.begun = true
	switch hw.f {
	case CSV:
		hw.w.WriteString(csvHeader) //nolint:errcheck // bufio keeps the error for the next write
	case JSON:
		hw.w.WriteString("[\n") //nolint:errcheck // bufio keeps the error for the next write
	}
	return true
}

// appendCSV writes the columns of a line up to maintenance. The name, the only column that strangers choose, is always in quotes; what
// a spreadsheet makes of a name that begins with "=" is not for us to change, as the data would lie.
func appendCSV(dst []byte, r *dhtcore.HashRow) []byte {
	dst = append(strconv.AppendInt(dst, int64(r.Rank), 10), ',')
	dst = append(hex.AppendEncode(dst, r.InfoHash[:]), ',')
	if r.Name != "" {
		dst = appendField(dst, r.Name)
	}
	for _, n := range [...]uint64{r.Requests, r.Announces, uint64(r.Sources), r.Samples, uint64(r.Peers)} {
		dst = strconv.AppendUint(append(dst, ','), n, 10)
	}
	dst = append(dst, ',')
	if !r.FirstSeen.IsZero() {
		dst = appendTime(dst, r.FirstSeen)
	}
	dst = append(dst, ',')
	if !r.LastSeen.IsZero() {
		dst = appendTime(dst, r.LastSeen)
	}
	dst = strconv.AppendUint(append(dst, ','), r.RawRequests, 10)
	return strconv.AppendUint(append(dst, ','), r.Maintenance, 10)
}

// appendField writes a field of CSV in quotes. Somebody else may have made the store that it comes from.
func appendField(dst []byte, s string) []byte {
	dst = append(dst, '"')
	dst = append(dst, strings.ReplaceAll(dhtcore.Printable(s), `"`, `""`)...)
	return append(dst, '"')
}

// appendMagnet writes a magnet link (BEP 9).
func appendMagnet(dst []byte, r *dhtcore.HashRow) []byte {
	dst = hex.AppendEncode(append(dst, "magnet:?xt=urn:btih:"...), r.InfoHash[:])
	if r.Name != "" {
		// Not every client reads "+" as a space.
		dst = append(append(dst, "&dn="...), strings.ReplaceAll(url.QueryEscape(r.Name), "+", "%20")...)
	}
	return dst
}

// MagnetLink returns the magnet link of a row, with its name when that is known.
func MagnetLink(r *dhtcore.HashRow) string { return string(appendMagnet(nil, r)) }

// appendRank writes a plain line. A hash that nobody asked for was found in samples, is on our tracker, or is no
// torrent.
func appendRank(dst []byte, r *dhtcore.HashRow) []byte {
	dst = fmt.Appendf(dst, "%3d. %x  (", r.Rank, r.InfoHash)
	switch {
	case r.OnlyMaintenance():
		dst = append(dst, "maintenance of a routing table"...)
	case r.OnlyTracked():
		dst = append(dst, count(r.Tracked, "announce")+" to our tracker"...)
	case r.Requests == 0 && r.Announces == 0 && r.Samples > 0:
		dst = append(dst, count(r.Samples, "sample")...)
	default:
		dst = fmt.Appendf(dst, "%s, %s", count(r.Requests, "request"), count(r.Sources, "source"))
	}
	dst = append(dst, ')')
	if r.Name != "" {
		dst = append(append(dst, "  "...), dhtcore.Printable(r.Name)...)
	}
	return dst
}
