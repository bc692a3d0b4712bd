package torrent

import (
	"slices"
	"strings"

	"dhtop/dhtcore/bencode"
)

// The bounds of what is kept of a torrent's trackers: no honest one has more.
const (
	maxTrackers   = 200
	maxTrackerURL = 2048 // bytes
)

// addTracker adds an announce URL to list, unless it is there already or can be none.
func addTracker(list []string, url string) []string {
	url = strings.TrimSpace(url)
	if url == "" || len(url) > maxTrackerURL || len(list) >= maxTrackers || slices.Contains(list, url) {
		return list
	}
	return append(list, url)
}

// trackersOfFile returns the trackers of a .torrent file: announce (BEP 3), then the tiers of announce-list in
// order (BEP 12). What is odd about them is left out.
func trackersOfFile(file []byte) (list []string) {
	var tiers []byte
	c := bencode.Cursor{Bytes: file}
	for key := range c.Dict() {
		switch string(key) {
		case "announce":
			list = addTracker(list, string(c.Text()))
		case "announce-list":
			tiers = c.Value()
		default:
			c.Skip()
		}
	}
	c = bencode.Cursor{Bytes: tiers}
	if !c.Open('l') {
		return list
	}
	for c.More() {
		if !c.At('l') { // a list without tiers, as some programs write it
			list = addTracker(list, string(c.Text()))
			continue
		}
		for c.Open('l'); c.More(); {
			list = addTracker(list, string(c.Text()))
		}
	}
	return list
}

// trackersOfLink returns the trackers of a magnet link (BEP 9).
func trackersOfLink(link string) (list []string) {
	for name, value := range Params(link) {
		if name == "tr" {
			list = addTracker(list, value)
		}
	}
	return list
}
