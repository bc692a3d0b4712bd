package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"dhtop/dhtcore"
	"dhtop/dhtcore/human"
	"dhtop/views/text"
)

// KindTrackers is the kind of a Trackers in the stream of "trackers --ndjson".
const KindTrackers = "trackers"

// Trackers is one object of "trackers --json", and one line of "trackers --ndjson": what trackers and the DHT say of
// one swarm.
type Trackers struct {
	Kind     string     `json:"kind,omitempty"` // KindTrackers in the stream of --ndjson
	InfoHash dhtcore.ID `json:"info_hash"`
	Identity
	Name     *string   `json:"name"`     // of a .torrent file
	DHT      *DHTSwarm `json:"dht"`      // null with --no-dht
	Trackers []Tracker `json:"trackers"` // in the order in which they were named
}

// DHTSwarm is what the DHT knows of a swarm.
type DHTSwarm struct {
	SeedsEstimate *int    `json:"seeds_estimate"` // null while no node has told (BEP 33)
	PeersEstimate *int    `json:"peers_estimate"` // of the whole swarm, seeds included; null when nothing is known
	PeersFound    int     `json:"peers_found"`
	ElapsedMS     int64   `json:"elapsed_ms"`
	Error         *string `json:"error"` // why the lookup ended early
}

// Tracker is what one tracker says of a swarm.
type Tracker struct {
	Tracker   string  `json:"tracker"`           // as it was named
	URL       *string `json:"url,omitempty"`     // that was asked, where the DNS or a redirect led elsewhere
	Addr      *string `json:"addr"`              // that answered; null for none
	Seeders   *int64  `json:"seeders"`           // null where it has not told, as are the next two
	Leechers  *int64  `json:"leechers"`          //
	Completed *int64  `json:"completed"`         // downloads that have ended, ever
	RTTMS     *int64  `json:"rtt_ms"`            // of a request; null without a reply
	ElapsedMS int64   `json:"elapsed_ms"`        // of all that it took
	RetryInMS *int64  `json:"retry_in_ms"`       // how long the tracker wants to be left alone; null where it has not said
	Never     bool    `json:"retry_never"`       // it wants to be left alone for good (BEP 31)
	Warning   *string `json:"warning,omitempty"` // of the tracker
	Error     *string `json:"error"`             // null where it has answered
}

// NewTrackers returns the JSON form of what is said of hash. lookup is that of the DHT, nil for none; at is the place
// of the hash in each of the results.
func NewTrackers(hash dhtcore.ID, t *dhtcore.Torrent, lookup *dhtcore.LookupState, results []dhtcore.ScrapeResult, at []int, o Options) Trackers {
	out := Trackers{InfoHash: hash, Identity: NewIdentity(t, hash), Trackers: make([]Tracker, len(results))}
	if info, err := t.Metadata(); err == nil {
		out.Name = nullable(o.Mask.Text(info.Name))
	}
	if lookup != nil {
		l := NewLookup(lookup, o)
		out.DHT = &DHTSwarm{l.SeedsEstimate, l.PeersEstimate, len(l.Peers), l.ElapsedMS, l.Error}
	}
	for i := range results {
		out.Trackers[i] = newTracker(&results[i], at[i], o)
	}
	return out
}

func newTracker(r *dhtcore.ScrapeResult, at int, o Options) Tracker {
	t := Tracker{Tracker: o.Text(r.Tracker), ElapsedMS: millis(r.Elapsed), Never: r.Never, Warning: nullable(o.Text(r.Warning))}
	if r.URL != r.Tracker {
		t.URL = nullable(o.Text(r.URL))
	}
	if r.Addr.IsValid() {
		t.Addr = nullable(o.addr(r.Addr))
	}
	if r.RTT > 0 {
		rtt := millis(r.RTT)
		t.RTTMS = &rtt
	}
	if r.RetryIn > 0 {
		retry := millis(r.RetryIn)
		t.RetryInMS = &retry
	}
	if at < len(r.Swarms) {
		s := r.Swarms[at]
		t.Seeders, t.Leechers, t.Completed = told(s.Seeders), told(s.Leechers), told(s.Completed)
	}
	if r.Err != nil {
		t.Error = nullable(o.Text(r.Err.Error()))
	}
	return t
}

// told is a count in JSON; null where the tracker has not told.
func told(n int64) *int64 {
	if n == dhtcore.UnknownCount {
		return nil
	}
	return &n
}

// note is what a table says of a tracker beside its counts.
func (t *Tracker) note() string {
	var notes []string
	switch {
	case t.Error != nil:
		notes = append(notes, *t.Error)
	case t.Seeders == nil && t.Leechers == nil && t.Completed == nil:
		notes = append(notes, "it does not know the hash")
	}
	if t.Never {
		notes = append(notes, "it wants never to be asked again")
	}
	if t.Error != nil && t.RetryInMS != nil {
		notes = append(notes, fmt.Sprintf("ask again in %s", human.Amount(*t.RetryInMS/60_000, "minute", "minutes")))
	}
	if t.Warning != nil {
		notes = append(notes, *t.Warning)
	}
	return strings.Join(notes, "; ")
}

// leechers is the estimate of the peers that are no seeds; nil where it is unknown.
func (d *DHTSwarm) leechers() *int64 {
	if d.PeersEstimate == nil || d.SeedsEstimate == nil {
		return nil
	}
	n := int64(*d.PeersEstimate - *d.SeedsEstimate)
	return &n
}

func (d *DHTSwarm) seeders() *int64 {
	if d.SeedsEstimate == nil {
		return nil
	}
	n := int64(*d.SeedsEstimate)
	return &n
}

// note is what a table says of the DHT beside its estimates.
func (d *DHTSwarm) note() string {
	if d.Error != nil && d.PeersFound == 0 {
		return *d.Error
	}
	return "estimated (BEP 33), " + count(d.PeersFound, "peer") + " found"
}

// cell is a count in a table; a dash where it is unknown.
func cell(n *int64) string {
	if n == nil {
		return "-"
	}
	return strconv.FormatInt(*n, 10)
}

// milliCell is a time in a table.
func milliCell(ms *int64) string {
	if ms == nil {
		return "-"
	}
	return strconv.FormatInt(*ms, 10) + " ms"
}

// WritePlain writes the table of a hash: a line a tracker, and one of the DHT.
func (t *Trackers) WritePlain(w io.Writer) error {
	b := []byte("# " + t.InfoHash.String())
	if t.Name != nil {
		b = append(append(b, ": "...), *t.Name...)
	}
	b = append(b, '\n')
	if len(t.Trackers) == 0 {
		b = append(b, "# it names no tracker: pass some, or a magnet link\n"...)
	}
	rows := [][]string{{"tracker", "seeders", "leechers", "completed", "RTT", ""}}
	for i := range t.Trackers {
		k := &t.Trackers[i]
		rows = append(rows, []string{k.Tracker, cell(k.Seeders), cell(k.Leechers), cell(k.Completed), milliCell(k.RTTMS), k.note()})
	}
	if t.DHT != nil {
		rows = append(rows, []string{"DHT", cell(t.DHT.seeders()), cell(t.DHT.leechers()), "-", "-", t.DHT.note()})
	}
	b = appendTable(b, rows)
	for _, other := range t.SameTorrent {
		b = fmt.Appendf(b, "# the same torrent: %s\n", other)
	}
	_, err := w.Write(append(b, '\n'))
	return err
}

// appendTable appends rows with their columns aligned: the first and the last one to the left, the others to the
// right.
func appendTable(b []byte, rows [][]string) []byte {
	var widths []int
	for _, row := range rows {
		for i, s := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], text.Width(s))
		}
	}
	for _, row := range rows {
		for i, s := range row {
			pad := strings.Repeat(" ", widths[i]-text.Width(s))
			switch i {
			case 0:
				b = append(append(b, s...), pad...)
			case len(row) - 1:
				b = append(append(b, "  "...), s...)
			default:
				b = append(append(append(b, "  "...), pad...), s...)
			}
		}
		b = append(bytes.TrimRight(b, " "), '\n')
	}
	return b
}

// trackersHeader are the columns of "trackers --csv".
var trackersHeader = []string{"info_hash", "source", "seeders", "leechers", "completed", "rtt_ms", "error"}

// WriteTrackersHeader writes the header line of Trackers.WriteCSV.
func WriteTrackersHeader(w io.Writer) error { return writeCSV(w, [][]string{trackersHeader}) }

// WriteCSV writes a line a tracker, and one of the DHT as the source "dht".
func (t *Trackers) WriteCSV(w io.Writer) error {
	var rows [][]string
	for i := range t.Trackers {
		k := &t.Trackers[i]
		rows = append(rows, []string{t.InfoHash.String(), k.Tracker, digits(k.Seeders), digits(k.Leechers), digits(k.Completed), digits(k.RTTMS), orNone(k.Error)})
	}
	if d := t.DHT; d != nil {
		rows = append(rows, []string{t.InfoHash.String(), "dht", digits(d.seeders()), digits(d.leechers()), "", "", orNone(d.Error)})
	}
	return writeCSV(w, rows)
}

func writeCSV(w io.Writer, rows [][]string) error {
	c := csv.NewWriter(w)
	if err := c.WriteAll(rows); err != nil {
		return err
	}
	return c.Error()
}

// digits is a count in CSV; empty where it is unknown.
func digits(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
