package dhtcore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// flask starts a tracker with the state of a Flask tracker.
func flask(t *testing.T, state string, more Config) *Explorer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tracker_state.json")
	if err := os.WriteFile(path, []byte(state), 0o600); err != nil {
		t.Fatal(err)
	}
	more.Bind, more.Bootstrap, more.Tracker, more.TrackerImport = loopback, []string{}, &TrackerConfig{HTTP: "127.0.0.1:0"}, path
	return start(t, more)
}

// The state of the documents' tracker, as it writes it, with times so many seconds ago.
func flaskFile(now time.Time, ago ...int) string {
	seen := make([]any, len(ago))
	for i, s := range ago {
		seen[i] = float64(now.Unix()-int64(s)) + 0.4380949
	}
	return fmt.Sprintf(`{"torrents": {
  "%%E3K[%%89{%%CA\u001a%%C4l%%A7%%99,5%%8A%%C8\u007f\u001e\u000e%%AD%%DB": {
    "info": {"info_hash": "%%E3K", "name": "an <i>image", "size": 4771074618, "piece_length": 0, "creation_date": 1738111617.4380803, "comment": null, "created_by": null},
    "peers_info": [
      {"peer_id": "-qB5030-h*YWj1hK4p9Q", "ip": "192.168.2.120", "port": 18292, "last_seen": %f, "uploaded": 3160977657, "downloaded": 0, "left": 0, "is_seeder": true},
      {"peer_id": "-qB5030-2msGNq0e_m(L", "ip": "192.168.2.20", "port": 30463, "last_seen": %f, "uploaded": 0, "downloaded": 0, "left": 4771074618, "is_seeder": false},
      {"peer_id": "-qB5030-X~O_CAm0lNMg", "ip": "192.168.2.20", "port": 30463, "last_seen": %f, "uploaded": 0, "downloaded": 0, "left": 0, "is_seeder": true},
      {"peer_id": "", "ip": "::ffff:8.8.8.8", "port": 1, "last_seen": %f, "left": 1},
      {"peer_id": "x", "ip": "2001:db8::1%%25eth0", "port": 1, "last_seen": %[4]f, "left": 1},
      {"peer_id": "x", "ip": "router.example", "port": 1, "last_seen": %[4]f, "left": 1},
      {"peer_id": "x", "ip": "0.0.0.0", "port": 1, "last_seen": %[4]f, "left": 1},
      {"peer_id": "x", "ip": "8.8.4.4", "port": 65537, "last_seen": %[4]f, "left": 1},
      {"peer_id": "x", "ip": "8.8.4.5", "port": 1, "last_seen": %f, "left": 1}
    ],
    "stats": {"complete": 1, "incomplete": 2, "downloaded": 3335164474, "uploaded": 3160977657, "peers": 3}
  },
  "2d066c94480adcf5b7ab60065f24e681a57e011f": {"info": {"name": ""}, "peers_info": [{"peer_id": "x", "ip": "8.8.4.4", "port": 2, "last_seen": %[1]f, "left": 5}]},
  "3d066c94480adcf5b7ab60065f24e681a57e011f": {"info": {"name": "nobody's"}},
  "\ufffdK[\ufffd{": {"info": {"name": "not to be read any more"}, "peers_info": []},
  "4d066c94480adcf5b7ab60065f24e681a57e011f": {"info": 7}
}}`, seen...)
}

func TestTheStateOfTheFlaskTrackerIsTakenIn(t *testing.T) {
	now := time.Now()
	allow := filepath.Join(t.TempDir(), "allow") // of nothing: what has a name was registered
	if err := os.WriteFile(allow, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	e := flask(t, flaskFile(now, 10, 20, 5, 100, 1801), Config{TrackerAllow: allow, DataDir: dir})
	big := mustID(t, "e34b5b897bca1ac46ca7992c358ac87f1e0eaddb")
	if c := e.TrackerCounts(big); c.Seeds != 2 || c.Leechers != 1 {
		t.Errorf("%+v; want the seeder, the one that finished, and the one of a mapped address", c)
	}
	if c := e.TrackerCounts(mustID(t, "2d066c94480adcf5b7ab60065f24e681a57e011f")); c.Leechers != 1 {
		t.Errorf("of a torrent without a name: %+v", c)
	}
	if r := e.Registered(big); r == nil || r.Name != "an <i>image" || r.Size != 4771074618 || r.Added.Unix() != 1738111617 {
		t.Errorf("%+v", r)
	}
	if total, _ := e.RegisteredTorrents(0); total != 2 {
		t.Errorf("%d torrents have a name", total)
	}
	const says = "6 torrents or peers in"
	if w := e.Snapshot().Warnings; !slices.ContainsFunc(w, func(w Event) bool {
		return strings.Contains(w.Text, says) && strings.Contains(w.Text, "3 torrents with 5 peers imported, 1 peer left out as too old")
	}) {
		t.Errorf("%+v; want %q", w, says)
	}
}

func TestAStateThatCannotBeReadIsToldWithARemedy(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none.json")
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}, TrackerImport: missing})
	if w := e.Snapshot().Warnings; !slices.ContainsFunc(w, func(w Event) bool { return strings.Contains(w.Text, "there is no "+missing) }) {
		t.Errorf("%+v", w)
	}
	for name, content := range map[string]string{
		"empty": "", "no JSON": "torrents", "cut off": `{"torrents": {"a": {`, "a list": "[]", "another document": `{"peers": {}}`, "null": "null",
		"another type": `{"torrents": []}`, "a bomb": `{"torrents": {"a": ` + strings.Repeat("[", 1e6), "two": `{"torrents": {}}{}`, "pickled": "\x80\x04\x95",
	} {
		path := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}, TrackerImport: path})
		if err == nil {
			e.Close()
			t.Errorf("%s is taken in", name)
		} else if !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "leave it out") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}, TrackerImport: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "not a regular file") || !strings.Contains(err.Error(), "leave it out") {
		t.Errorf("a directory: %v", err)
	}
}

func mustID(t *testing.T, hex string) ID {
	t.Helper()
	list, err := ParseTorrentText(hex)
	if err != nil {
		t.Fatal(err)
	}
	return list[0].Hashes[0]
}
