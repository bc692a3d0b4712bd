package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"dhtop/dhtcore/human"
)

// WriteCSV writes a header and a line an entry.
func (l *WatchList) WriteCSV(w io.Writer) error { return WriteWatch(w, CSV, l.Entries) }

// WritePlain writes the alerts that fire, and a table of the entries.
func (l *WatchList) WritePlain(w io.Writer) error {
	firing := 0
	for i := range l.Alerts {
		if a := &l.Alerts[i]; time.Time(a.Cleared).IsZero() {
			firing++
			if _, err := fmt.Fprintf(w, "! %s (for %s)\n", a.Text, human.Age(time.Time(l.At).Sub(time.Time(a.Since)))); err != nil {
				return err
			}
		}
	}
	if firing > 0 {
		fmt.Fprintln(w)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "STATE\tSEEDS\tLEECHERS\tPEERS\tTRACKERS\tMINE\tLAST ALIVE\tNAME")
	for i := range l.Entries {
		e := &l.Entries[i]
		fmt.Fprintln(table, strings.Join([]string{e.State, e.seeds(), countText(e.Leechers), countText(firstOf(e.Peers, e.Holders)), countText(e.TrackerSeeds),
			shareText(e.MineOn, e.Closest), l.ago(e.LastAlive), e.name()}, "\t"))
	}
	return table.Flush()
}

// Mask masks the addresses of a list that another dhtop has written.
func (l *WatchList) Mask(o Options) {
	for _, text := range []*string{l.Mine, l.Trouble} {
		if text != nil {
			*text = o.Text(*text)
		}
	}
	for i := range l.Alerts {
		l.Alerts[i].Text = o.Text(l.Alerts[i].Text)
	}
	for i := range l.Entries {
		for j, url := range l.Entries[i].Trackers {
			l.Entries[i].Trackers[j] = o.Text(url)
		}
	}
}

// seeds is the estimate, as in "12 ±3".
func (e *WatchEntry) seeds() string {
	if e.Seeds == nil || e.SeedsError == nil || *e.SeedsError == 0 {
		return countText(e.Seeds)
	}
	return fmt.Sprintf("%d ±%d", *e.Seeds, *e.SeedsError)
}

// name is the label, or else what is watched.
func (e *WatchEntry) name() string {
	if label := orNone(e.Label); label != "" {
		return label
	}
	return e.what()
}

// what names what is watched: an info_hash, or pk: and the key of an item.
func (e *WatchEntry) what() string {
	if e.Key == nil {
		return e.Target
	}
	what := "pk:" + *e.Key
	if e.Salt != nil {
		what += "/" + *e.Salt
	}
	return what
}

// ago is how long something is past, "-" for never.
func (l *WatchList) ago(t timestamp) string {
	if time.Time(t).IsZero() {
		return "-"
	}
	return human.Age(time.Time(l.At).Sub(time.Time(t))) + " ago"
}

func countText(n *int) string {
	if n == nil {
		return "-"
	}
	return strconv.Itoa(*n)
}

func firstOf(a, b *int) *int {
	if a != nil {
		return a
	}
	return b
}

// shareText is "3 of 8".
func shareText(n, all *int) string {
	if n == nil || all == nil {
		return "-"
	}
	return fmt.Sprintf("%d of %d", *n, *all)
}

// WriteWatchLines writes entries in the form of --watch FILE, which import reads.
func WriteWatchLines(w io.Writer, entries []WatchEntry) error {
	for i := range entries {
		if _, err := fmt.Fprintln(w, entries[i].line()); err != nil {
			return err
		}
	}
	return nil
}

// line is an entry as a line of --watch FILE.
func (e *WatchEntry) line() string {
	what := e.what()
	if len(e.Trackers) > 0 {
		what = "magnet:?xt=urn:btih:" + e.Target
		for _, url := range e.Trackers {
			what += "&tr=" + strings.NewReplacer("%", "%25", "&", "%26", " ", "%20", "#", "%23", "+", "%2B", `"`, "%22").Replace(url)
		}
	}
	if strings.ContainsAny(what, " \t") {
		what = `"` + what + `"`
	}
	if e.MinSeeds != nil {
		what += " min-seeds=" + strconv.Itoa(*e.MinSeeds)
	}
	if e.Scrape {
		what += " scrape=yes"
	}
	if label := orNone(e.Label); label != "" {
		what += " " + strings.ReplaceAll(label, " #", " ") // which would begin a comment
	}
	return what
}
