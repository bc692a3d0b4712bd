package report

import (
	"fmt"
	"io"
	"strconv"

	"dhtop/dhtcore"
)

// KindRank is the kind of a TrackerRank in the stream of "trackers --rank --ndjson".
const KindRank = "rank"

// TrackerRanks is the document of "trackers --rank --json", the best tracker first.
type TrackerRanks []TrackerRank

// TrackerRank is how one tracker has answered.
type TrackerRank struct {
	Kind      string  `json:"kind,omitempty"` // KindRank in the stream of --ndjson
	Rank      int     `json:"rank"`           // from 1
	Tracker   string  `json:"tracker"`
	Scrapes   int     `json:"scrapes"`
	Answered  int     `json:"answered"` // of the scrapes
	Hashes    int     `json:"hashes"`
	Known     int     `json:"known"`   // of the hashes
	Seeders   int64   `json:"seeders"` // of all hashes, as are the next two
	Leechers  int64   `json:"leechers"`
	Completed int64   `json:"completed"`
	RTTMS     *int64  `json:"rtt_ms"` // the median; null without an answer
	Error     *string `json:"error"`  // the last one; null for none
}

// NewTrackerRanks returns the JSON form of a ranking.
func NewTrackerRanks(ranks []dhtcore.ScrapeRank, o Options) TrackerRanks {
	out := make(TrackerRanks, len(ranks))
	for i := range ranks {
		k := &ranks[i]
		out[i] = TrackerRank{Rank: i + 1, Tracker: o.Text(k.Tracker), Scrapes: k.Scrapes, Answered: k.Answered, Hashes: k.Hashes,
			Known: k.Known, Seeders: k.Seeders, Leechers: k.Leechers, Completed: k.Completed}
		if k.RTT > 0 {
			rtt := millis(k.RTT)
			out[i].RTTMS = &rtt
		}
		if k.Err != nil {
			out[i].Error = nullable(o.Text(k.Err.Error()))
		}
	}
	return out
}

// WritePlain writes a line a tracker.
func (r TrackerRanks) WritePlain(w io.Writer) error {
	rows := [][]string{{"tracker", "answered", "known", "seeders", "leechers", "completed", "RTT", ""}}
	for i := range r {
		k := &r[i]
		counts := []string{"-", "-", "-"}
		if k.Known > 0 {
			counts = []string{cell(&k.Seeders), cell(&k.Leechers), cell(&k.Completed)}
		}
		rows = append(rows, []string{k.Tracker, fmt.Sprintf("%d of %d", k.Answered, k.Scrapes), fmt.Sprintf("%d of %d", k.Known, k.Hashes),
			counts[0], counts[1], counts[2], milliCell(k.RTTMS), orNone(k.Error)})
	}
	_, err := w.Write(appendTable(nil, rows))
	return err
}

// WriteCSV writes a header and a line a tracker.
func (r TrackerRanks) WriteCSV(w io.Writer) error {
	rows := [][]string{{"rank", "tracker", "scrapes", "answered", "hashes", "known", "seeders", "leechers", "completed", "rtt_ms", "error"}}
	for i := range r {
		k := &r[i]
		rows = append(rows, []string{strconv.Itoa(k.Rank), k.Tracker, strconv.Itoa(k.Scrapes), strconv.Itoa(k.Answered), strconv.Itoa(k.Hashes),
			strconv.Itoa(k.Known), digits(&k.Seeders), digits(&k.Leechers), digits(&k.Completed), digits(k.RTTMS), orNone(k.Error)})
	}
	return writeCSV(w, rows)
}
