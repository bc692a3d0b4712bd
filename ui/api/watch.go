package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// itemPrefix stands before the public key of a mutable item.
const itemPrefix = "pk:"

// maxMinSeeds bounds the seeds below which an alert fires.
const maxMinSeeds = 1_000_000

// watchList answers with the watch list: all entries, and the alerts that are kept.
func watchList(c *call) (status int, document any) {
	s := c.explorer.Snapshot()
	var w dhtcore.Watch
	if s.Watch != nil {
		w = *s.Watch
	}
	w.Rows, w.Alerts = c.explorer.WatchRows() // all of them, with what was added since the Snapshot
	w.Entries = len(w.Rows)
	return found(report.NewWatchList(s.At, &w, c.options))
}

// watchCommand is what POST /api/v1/watch takes: a torrent or a mutable item, and what is to be known of it.
type watchCommand struct {
	InfoHash string   `json:"info_hash,omitempty"`    // in every form that people paste
	HashV2   string   `json:"info_hash_v2,omitempty"` // the other one of a hybrid torrent
	Magnet   string   `json:"magnet,omitempty"`
	Key      string   `json:"pk,omitempty"`   // the public key of a mutable item, in z-base-32 or hexadecimal digits
	Salt     string   `json:"salt,omitempty"` // of the item
	Label    string   `json:"label,omitempty"`
	Trackers []string `json:"trackers,omitempty"`
	Scrape   bool     `json:"scrape,omitempty"`    // ask the trackers as well
	MinSeeds int      `json:"min_seeds,omitempty"` // an alert when there are fewer
}

// watched is the answer to it.
type watched struct {
	Added bool              `json:"added"` // false where it was on the list, and what is known of it may have changed
	Entry report.WatchEntry `json:"entry"`
}

// addWatch puts an entry on the watch list, or changes what is known of it.
func addWatch(c *call) (status int, document any) {
	var order watchCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	entry, err := order.entry(c)
	if err != nil {
		return fail(err)
	}
	fresh, err := c.explorer.Watch(entry)
	if err != nil {
		return fail(watchProblem(err))
	}
	rows, _ := c.explorer.WatchRows()
	for _, r := range rows {
		if r.Target == entry.Target {
			return http.StatusOK, watched{fresh, report.NewWatchEntries([]*dhtcore.WatchRow{r}, c.options)[0]}
		}
	}
	return fail(problemf(http.StatusConflict, "it was removed by another request meanwhile"))
}

// entry reads what is to be watched.
func (o *watchCommand) entry(c *call) (entry dhtcore.WatchEntry, err error) {
	if given := filled(o.InfoHash) + filled(o.Magnet) + filled(o.Key); given != 1 {
		return entry, badParam("info_hash", "pass one of info_hash, magnet and pk: they are what to watch")
	}
	switch {
	case o.Key != "":
		if entry, err = parseWatchedItem(c, o.Key, o.Salt); err != nil {
			return entry, badParam("pk", "pk: %s", err)
		}
	case o.Salt != "":
		return entry, badParam("salt", "a salt is part of the name of a mutable item: pass it with pk")
	default:
		member, text := "info_hash", o.InfoHash
		if o.Magnet != "" {
			member, text = "magnet", o.Magnet
		}
		t, err := parseTorrent(text)
		if err != nil {
			return entry, badParam(member, "%s: %s", member, err)
		}
		entry = dhtcore.NewWatchEntry(t, dhtcore.MagnetName(text))
		if o.HashV2 != "" {
			other, err := parseTorrent(o.HashV2)
			if err != nil {
				return entry, badParam("info_hash_v2", "info_hash_v2: %s", err)
			}
			entry.Other = other.Hashes[0]
		}
	}
	if entry.IsItem() && (len(o.Trackers) > 0 || o.Scrape || o.MinSeeds != 0) {
		return entry, badParam("pk", "a mutable item has no trackers and no seeds: leave trackers, scrape and min_seeds out")
	}
	if o.MinSeeds < 0 || o.MinSeeds > maxMinSeeds {
		return entry, badParam("min_seeds", "min_seeds %d: want a number from 0 to %d", o.MinSeeds, maxMinSeeds)
	}
	for _, url := range o.Trackers {
		if err := dhtcore.CheckTracker(url); err != nil {
			return entry, badParam("trackers", "trackers: %s", err)
		}
		if !slices.Contains(entry.Trackers, url) {
			entry.Trackers = append(slices.Clip(entry.Trackers), url)
		}
	}
	if o.Label != "" {
		entry.Label = dhtcore.Printable(o.Label)
	}
	entry.Scrape, entry.MinSeeds = o.Scrape, o.MinSeeds
	return entry, nil
}

// filled is 1 for a member that is there.
func filled(member string) int {
	if member == "" {
		return 0
	}
	return 1
}

// parseWatchedItem reads the name of a mutable item.
func parseWatchedItem(c *call, key, salt string) (entry dhtcore.WatchEntry, err error) {
	text := key
	if !strings.HasPrefix(text, itemPrefix) {
		text = itemPrefix + text
	}
	if salt != "" {
		text += "/" + salt
	}
	entries, err := dhtcore.ParseWatch(c.Context(), text)
	if err != nil {
		return entry, err
	}
	return entries[0], nil
}

// watchTarget is a parameter that names an entry of the watch list.
func watchTarget() param {
	return param{name: "target", about: "the target of an entry, an info_hash in every form that people paste, or pk: and a public key, percent-encoded",
		schema: schema{"type": "string", "examples": []string{"2d066c94480adcf5b7ab60065f24e681a57e011f"}},
		parse: func(text string) (any, error) {
			if strings.HasPrefix(text, itemPrefix) {
				return text, nil
			}
			t, err := parseTorrent(text)
			if err != nil {
				return nil, err
			}
			return t.Hashes[0].String(), nil
		}}
}

// removeWatch takes an entry off the watch list.
func removeWatch(c *call) (status int, document any) {
	entries, err := dhtcore.ParseWatch(c.Context(), value[string](c, "target"))
	if err != nil {
		return fail(badParam("target", "target: %s", err))
	}
	if err := c.explorer.Unwatch(entries[0].Target); err != nil {
		return fail(watchProblem(err))
	}
	return http.StatusOK, message{"no longer watched"}
}

// watchProblem is the problem of a change of the watch list that was refused.
func watchProblem(err error) error {
	switch {
	case errors.Is(err, dhtcore.ErrNotWatched):
		return problemf(http.StatusNotFound, "%s: GET /api/v1/watch lists what is", err)
	case errors.Is(err, dhtcore.ErrWatchFull):
		return problemf(http.StatusInsufficientStorage, "%s", err)
	}
	return problemf(http.StatusConflict, "%s", err)
}
