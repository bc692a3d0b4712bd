package report

import (
	"io"
	"strconv"
	"time"

	"dhtop/dhtcore"
)

// WatchList is the document of "watch --json" and of /api/v1/watch.
type WatchList struct {
	At       timestamp    `json:"at"`
	Mine     *string      `json:"mine"` // the client that is looked for, ip:port; null for none
	Packets  float64      `json:"packets_per_second"`
	Trouble  *string      `json:"trouble"` // why alerts could not be delivered, or a file not be read; null for nothing
	Watching int          `json:"watching"`
	Entries  []WatchEntry `json:"entries"`
	Alerts   []Alert      `json:"alerts"` // the newest first, those that are over too
}

// WatchEntry is an entry of the watch list as it stands. What is not known is null.
type WatchEntry struct {
	Target         string     `json:"target"`
	InfoHash       *string    `json:"info_hash"` // null for a mutable item
	SameTorrent    *string    `json:"same_torrent"`
	Key            *string    `json:"key"` // of a mutable item, z-base-32
	Salt           *string    `json:"salt"`
	Label          *string    `json:"label"`
	File           *string    `json:"file"` // that lists it
	Added          timestamp  `json:"added"`
	State          string     `json:"state"`
	Seeds          *int       `json:"seeds_estimate"`
	SeedsError     *int       `json:"seeds_error"` // in 19 of 20 estimates at most
	Leechers       *int       `json:"leechers_estimate"`
	Peers          *int       `json:"peers"` // found
	Holders        *int       `json:"holders"`
	Seq            *int64     `json:"seq"`
	MineOn         *int       `json:"mine_on"` // of the closest nodes
	Closest        *int       `json:"closest"`
	TrackerSeeds   *int       `json:"tracker_seeders"`
	TrackerLeeches *int       `json:"tracker_leechers"`
	Explained      *string    `json:"explained"`
	Risk           *string    `json:"risk"`
	LastAlive      timestamp  `json:"last_alive"`
	LookedUp       timestamp  `json:"looked_up"`
	Next           timestamp  `json:"next"`
	IntervalMS     int64      `json:"interval_ms"`
	MinSeeds       *int       `json:"min_seeds"`
	Trackers       []string   `json:"trackers"`
	Scrape         bool       `json:"scrape"` // they are asked, too
	Alerts         []string   `json:"alerts"` // the kinds that fire
	Day            []*float64 `json:"day"`    // seeds, or holders of an item, hour by hour; null for an hour without a lookup
}

// Alert is an alert of the watch list.
type Alert struct {
	Seq     uint64    `json:"seq"`
	Kind    string    `json:"alert"`
	Target  *string   `json:"target"` // null where it is about our own node
	Name    *string   `json:"name"`
	Since   timestamp `json:"since"`
	Fired   timestamp `json:"fired"`
	Cleared timestamp `json:"cleared"` // null while it fires
	Text    string    `json:"text"`
}

// NewWatchList returns the JSON form of the watch list; w is nil where nothing is watched.
func NewWatchList(at time.Time, w *dhtcore.Watch, o Options) WatchList {
	l := WatchList{At: timestamp(at), Entries: []WatchEntry{}, Alerts: []Alert{}}
	if w == nil {
		return l
	}
	if w.Mine.IsValid() {
		l.Mine = nullable(o.Addr(w.Mine))
	}
	l.Packets, l.Trouble, l.Watching = w.Rate, nullable(o.Text(w.Trouble)), w.Entries
	l.Entries = NewWatchEntries(w.Rows, o)
	for i := range w.Alerts {
		l.Alerts = append(l.Alerts, NewAlert(&w.Alerts[i], o))
	}
	return l
}

// NewAlert returns the JSON form of an alert.
func NewAlert(a *dhtcore.Alert, o Options) Alert {
	out := Alert{Seq: a.Seq, Kind: a.Kind.String(), Name: nullable(o.Text(a.Name)), Since: timestamp(a.Since), Fired: timestamp(a.Fired),
		Cleared: timestamp(a.Cleared), Text: o.Text(a.Text)}
	if !a.Target.Zero() {
		out.Target = nullable(a.Target.String())
	}
	return out
}

// NewWatchEntries returns the JSON form of entries.
func NewWatchEntries(rows []*dhtcore.WatchRow, o Options) []WatchEntry {
	out := make([]WatchEntry, len(rows))
	for i, r := range rows {
		out[i] = newWatchEntry(r, o)
	}
	return out
}

func newWatchEntry(r *dhtcore.WatchRow, o Options) WatchEntry {
	e := WatchEntry{Target: r.Target.String(), Label: nullable(o.Text(r.Label)), File: nullable(o.Text(r.File)), Added: timestamp(r.Added), State: r.State.String(),
		Explained: nullable(o.Text(r.Explained)), LastAlive: timestamp(r.LastAlive), LookedUp: timestamp(r.Last.At), Next: timestamp(r.Due),
		IntervalMS: r.Interval.Milliseconds(), Trackers: []string{}, Scrape: r.Scrape, Alerts: []string{}, Day: []*float64{}}
	for _, url := range r.Trackers {
		e.Trackers = append(e.Trackers, o.Text(url))
	}
	for i := range r.Alerts {
		e.Alerts = append(e.Alerts, r.Alerts[i].Kind.String())
	}
	if r.MinSeeds > 0 {
		e.MinSeeds = &r.MinSeeds
	}
	of := r.Day.Seeds
	if r.IsItem() {
		of = r.Day.Peers
		e.Key, e.Salt = nullable(dhtcore.FormatItemKey(r.Item.Key)), nullable(o.Text(r.Item.Salt))
	} else {
		e.InfoHash = nullable(r.Target.String())
		if !r.Other.Zero() {
			e.SameTorrent = nullable(r.Other.String())
		}
	}
	for i := range of {
		e.Day = append(e.Day, nil)
		if seen := r.Day.N[i] > 0; seen {
			v := float64(of[i])
			e.Day[i] = &v
		}
	}
	e.setLast(r)
	return e
}

// setLast fills in what the last lookup said.
func (e *WatchEntry) setLast(r *dhtcore.WatchRow) {
	l := &r.Last
	if l.At.IsZero() {
		return
	}
	e.Risk, e.Closest = nullable(l.Risk.String()), &l.Closest
	switch {
	case r.IsItem():
		e.Holders = &l.Holders
		if l.Held {
			e.Seq = &l.Seq
		}
	default:
		e.Peers = &l.Peers
		if l.SeedsKnown {
			e.Seeds, e.SeedsError, e.Leechers = &l.Seeds, &r.SeedsErr, &l.Leechers
		}
		if l.MineKnown {
			e.MineOn = &l.MineOn
		}
		if l.TrackerKnown {
			e.TrackerSeeds, e.TrackerLeeches = &l.TrackerSeeds, &l.TrackerLeechers
		}
	}
}

// watchEntryList is how entries are written in lines.
var watchEntryList = list[WatchEntry]{
	header: "target,label,state,seeds_estimate,leechers_estimate,peers,holders,mine_on,tracker_seeders,tracker_leechers,last_alive,looked_up",
	csv: func(dst []byte, e *WatchEntry) []byte {
		dst = append(append(dst, e.Target...), ',')
		dst = appendField(dst, orNone(e.Label))
		dst = append(append(append(dst, ','), e.State...), ',')
		for _, n := range [...]*int{e.Seeds, e.Leechers, e.Peers, e.Holders, e.MineOn, e.TrackerSeeds, e.TrackerLeeches} {
			if n != nil {
				dst = strconv.AppendInt(dst, int64(*n), 10)
			}
			dst = append(dst, ',')
		}
		return e.LookedUp.append(append(e.LastAlive.append(dst), ','))
	},
	plain: func(dst []byte, e *WatchEntry) []byte {
		name := orNone(e.Label)
		if name == "" {
			name = e.Target
		}
		dst = append(append(dst, e.State...), "  "...)
		for _, n := range [...]struct {
			n    *int
			what string
		}{{e.Seeds, " seeds  "}, {e.Leechers, " leechers  "}, {e.Holders, " holders  "}} {
			if n.n != nil {
				dst = append(strconv.AppendInt(dst, int64(*n.n), 10), n.what...)
			}
		}
		return append(dst, name...)
	},
}

// WriteWatch writes entries in a format.
func WriteWatch(w io.Writer, f Format, entries []WatchEntry) error {
	return watchEntryList.write(w, f, entries)
}
