package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"

	"dhtop/dhtcore"
)

// maxTorrentFile is how many bytes a .torrent file may have that is sent as a body: that of a torrent of some hundred
// thousand pieces has less.
const maxTorrentFile = 16 << 20

// message is the document of a change that has nothing else to say.
type message struct {
	Message string `json:"message"`
}

// torrentInfo is what POST /add_torrent_info takes: the document of the Flask tracker, whose members that are not here
// do no harm, and the hash of version 2.
type torrentInfo struct {
	InfoHash   string  `json:"info_hash,omitempty"`    // in any form that people paste, or percent-encoded as in an announce
	InfoHashV2 string  `json:"info_hash_v2,omitempty"` // of a hybrid torrent, or of one of version 2 alone
	Name       string  `json:"name,omitempty"`
	Size       float64 `json:"size,omitempty"` // bytes
}

// addedTorrent is the answer to it.
type addedTorrent struct {
	Message    string       `json:"message"`
	Added      bool         `json:"added"` // false where all of it was known
	InfoHashes []dhtcore.ID `json:"info_hashes"`
	Name       *string      `json:"name"`
	Size       *int64       `json:"size"`
}

// addTorrentInfo registers a torrent with the tracker.
func addTorrentInfo(c *call) (status int, document any) {
	body, err := c.body()
	if err != nil {
		return fail(err)
	}
	torrent, name, size, err := readTorrentInfo(body)
	if err != nil {
		return fail(err)
	}
	r, fresh, err := c.explorer.RegisterTorrent(torrent, name, size)
	switch {
	case errors.Is(err, dhtcore.ErrNoTracker), errors.Is(err, dhtcore.ErrDenied):
		return fail(problemf(http.StatusConflict, "%s", err))
	case err != nil:
		return fail(problemf(http.StatusInsufficientStorage, "%s", err))
	}
	text := "Torrent info added successfully"
	if !fresh {
		text = "Torrent info was known"
	}
	added := addedTorrent{Message: text, Added: fresh, InfoHashes: r.Hashes}
	if r.Name != "" {
		masked := c.options.Text(r.Name)
		added.Name = &masked
	}
	if r.Size > 0 {
		added.Size = &r.Size
	}
	return http.StatusOK, added
}

// readTorrentInfo reads a body that is a JSON document or a .torrent file. The first byte tells which, as the Content-Type
// of a file that somebody sends with curl is anything.
func readTorrentInfo(body []byte) (t *dhtcore.Torrent, name string, size int64, err error) {
	trimmed := bytes.TrimSpace(body)
	switch {
	case len(trimmed) == 0:
		return nil, "", 0, problemf(http.StatusBadRequest, `the body is empty: send a .torrent file, or a JSON document {"info_hash": "..."}`)
	case trimmed[0] != '{':
		t, err := dhtcore.ParseTorrentFile(body)
		if err != nil {
			return nil, "", 0, problemf(http.StatusBadRequest, `%s, or send a JSON document {"info_hash": "..."}`, err)
		}
		return &t, "", 0, nil
	}
	var info torrentInfo
	if err := json.Unmarshal(body, &info); err != nil {
		return nil, "", 0, badParam(faultyMember(err), "the body is no JSON document with info_hash: %s", jsonFault(err))
	}
	if info.InfoHash == "" && info.InfoHashV2 == "" {
		return nil, "", 0, badParam("info_hash", "Missing info_hash: send it as 40 hexadecimal digits, or the .torrent file itself")
	}
	t = new(dhtcore.Torrent)
	for _, member := range [...]struct{ name, text string }{{"info_hash", info.InfoHash}, {"info_hash_v2", info.InfoHashV2}} {
		if member.text == "" {
			continue
		}
		hashes, err := parseInfoHash(member.text)
		if err != nil {
			return nil, "", 0, badParam(member.name, "%s: %s", member.name, err)
		}
		for _, hash := range hashes {
			if !slices.Contains(t.Hashes, hash) {
				t.Hashes = append(t.Hashes, hash)
			}
		}
	}
	if info.Name == "" {
		for param, value := range dhtcore.MagnetParams(info.InfoHash) {
			if param == "dn" && strings.Contains(info.InfoHash, ":") {
				info.Name = cmp.Or(info.Name, value)
			}
		}
	}
	return t, info.Name, int64(min(max(info.Size, 0), math.MaxInt64/2)), nil
}

// parseInfoHash reads a hash in the forms that people paste, and in that of an announce.
func parseInfoHash(text string) ([]dhtcore.ID, error) {
	if hash, ok := dhtcore.ParseEscapedHash(text); ok {
		return []dhtcore.ID{hash}, nil
	}
	torrent, err := parseTorrent(text)
	if err != nil {
		return nil, err
	}
	return torrent.Hashes, nil
}

// saveState saves.
func saveState(c *call) (status int, document any) {
	switch err := c.explorer.SaveState(c.Context()); {
	case errors.Is(err, dhtcore.ErrKeepsNothing):
		return fail(problemf(http.StatusConflict, "%s", err))
	case err != nil:
		return fail(problemf(http.StatusInsufficientStorage, "%s", c.options.Text(err.Error())))
	}
	return http.StatusOK, message{"Tracker state saved"}
}

// shutdown ends the program. What it keeps is saved as after SIGTERM.
func shutdown(c *call) (status int, document any) {
	if c.end == nil {
		return fail(problemf(http.StatusConflict, "this dhtop has a screen: end it there with q; only 'dhtop serve' ends on request"))
	}
	c.end()
	return http.StatusOK, message{"Server shutting down..."}
}
