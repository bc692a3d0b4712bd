package api

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

// tracking runs an Explorer with a tracker that serves an allow list of nothing, and returns where the API is and how to
// change something there.
func tracking(t *testing.T, end func()) (url string, e *dhtcore.Explorer, post func(path, body string, header map[string]string) *http.Request) {
	t.Helper()
	dir := t.TempDir()
	allow, deny := filepath.Join(dir, "allow"), filepath.Join(dir, "deny")
	for path, text := range map[string]string{allow: "", deny: strings.Repeat("9", 40)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url, e = servingExplorer(t, dhtcore.Config{Bind: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Bootstrap: []string{}, DataDir: dir,
		Tracker: &dhtcore.TrackerConfig{HTTP: "127.0.0.1:0"}, TrackerAllow: allow, TrackerDeny: deny}, Config{DataDir: dir, End: end})
	token, err := os.ReadFile(filepath.Join(dir, tokenFile))
	if err != nil {
		t.Fatal(err)
	}
	return url, e, func(path, body string, header map[string]string) *http.Request {
		r := request(t, url+path, header)
		r.Method, r.Body, r.ContentLength = http.MethodPost, io.NopCloser(strings.NewReader(body)), int64(len(body))
		if r.Header.Get("Authorization") == "" {
			r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
		}
		return r
	}
}

const torrentInfoDict = "d6:lengthi16385e4:name13:a <b>&\x1b[2J xx12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"

func TestATorrentIsAddedAsTheFlaskTrackerTakesIt(t *testing.T) {
	_, e, post := tracking(t, nil)
	sum := sha1.Sum([]byte(torrentInfoDict))
	fileHash := hex.EncodeToString(sum[:])
	const v2 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e"
	for _, c := range []struct {
		name, body, hashes, title string
		size                      int64
		known                     bool
	}{
		{name: "the document of the script", body: `{"info_hash": "%E3K[%89{%CA\u001a%C4l%A7%99,5%8A%C8\u007f\u001e\u000e%AD%DB", "name": "one", "size": 4771074618,
			"piece_length": 262144, "comment": "", "created_by": "Torrent Tracker Script", "creation_date": 1738111617.43}`,
			hashes: "e34b5b897bca1ac46ca7992c358ac87f1e0eaddb", title: "one", size: 4771074618},
		{name: "again, by its hexadecimal form", body: `{"info_hash": "E34B5B897BCA1AC46CA7992C358AC87F1E0EADDB"}`,
			hashes: "e34b5b897bca1ac46ca7992c358ac87f1e0eaddb", title: "one", size: 4771074618, known: true},
		{name: "a hybrid", body: `{"info_hash": "2d066c94480adcf5b7ab60065f24e681a57e011f", "info_hash_v2": "` + v2 + `", "name": "<script>\u202e\u0007", "size": -1e300}`,
			hashes: "2d066c94480adcf5b7ab60065f24e681a57e011f " + v2[:40], title: "<script>\ufffd\ufffd"},
		{name: "a magnet link", body: `{"info_hash": "magnet:?xt=urn:btih:3d066c94480adcf5b7ab60065f24e681a57e011f&dn=two+three"}`,
			hashes: "3d066c94480adcf5b7ab60065f24e681a57e011f", title: "two three"},
		{name: "a file", body: "d8:announce1:a4:info" + torrentInfoDict + "e", hashes: fileHash, title: "a <b>&\ufffd[2J xx", size: 16385},
	} {
		got, response := answer[addedTorrent](t, post("/add_torrent_info", c.body, nil))
		var hashes []string
		for _, hash := range got.InfoHashes {
			hashes = append(hashes, hash.String())
			if e.Registered(hash) == nil {
				t.Errorf("%s: %s is not registered", c.name, hash)
			}
		}
		if response.StatusCode != http.StatusOK || strings.Join(hashes, " ") != c.hashes || got.Name == nil || *got.Name != c.title || got.Added == c.known ||
			got.Message == "" || c.size > 0 && (got.Size == nil || *got.Size != c.size) {
			t.Errorf("%s: %s, %v %+v", c.name, response.Status, hashes, got)
		}
	}
	if total, _ := e.RegisteredTorrents(0); total != 4 {
		t.Errorf("%d torrents", total)
	}
	asked := announceOf(t, e, "%E3K[%89{%CA%1A%C4l%A7%99,5%8A%C8%7F%1E%0E%AD%DB")
	if !strings.Contains(asked, "8:completei1e") {
		t.Errorf("an announce for what was added: %q; want it served, though the allow list is empty", asked)
	}
	if asked := announceOf(t, e, strings.Repeat("%01", 20)); !strings.Contains(asked, "does not serve") {
		t.Errorf("an announce for another: %q", asked)
	}
}

// announceOf announces a seeder to the tracker of e, and returns what it says.
func announceOf(t *testing.T, e *dhtcore.Explorer, hash string) string {
	t.Helper()
	r, err := http.Get("http://" + e.Snapshot().Tracker.HTTP.String() + "/announce?peer_id=aaaaaaaaaaaaaaaaaaaa&port=7&left=0&info_hash=" + hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatIsNoTorrentIsRefusedWithAReason(t *testing.T) {
	_, e, post := tracking(t, nil)
	path := filepath.Join(t.TempDir(), "a.torrent")
	if err := os.WriteFile(path, []byte("d4:info"+torrentInfoDict+"e"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash := `"2d066c94480adcf5b7ab60065f24e681a57e011f"`
	for name, c := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"nothing":         {"", 400, "empty"},
		"no hash":         {`{"name": "x"}`, 400, "Missing info_hash"},
		"cut off":         {`{"info_hash": ` + hash, 400, "cut off"},
		"two documents":   {`{"info_hash": ` + hash + `}{}`, 400, "no JSON"},
		"a list":          {`["info_hash"]`, 400, "not"},
		"a number":        {`{"info_hash": 12}`, 400, "info_hash is of the type number"},
		"a short hash":    {`{"info_hash": "abc"}`, 400, "info_hash: want 40"},
		"19 bytes":        {`{"info_hash": "` + strings.Repeat("%FF", 19) + `"}`, 400, "info_hash: want 40"},
		"zeros":           {`{"info_hash": "` + strings.Repeat("%00", 20) + `"}`, 400, "info_hash: want 40"},
		"a file here":     {`{"info_hash": "` + path + `"}`, 400, "info_hash: want 40"},
		"a URL":           {`{"info_hash": "file://` + path + `"}`, 400, "info_hash: want 40"},
		"two torrents":    {`{"info_hash": "2d066c94480adcf5b7ab60065f24e681a57e011f 3d066c94480adcf5b7ab60065f24e681a57e011f"}`, 400, "names 2 torrents"},
		"denied":          {`{"info_hash": "` + strings.Repeat("9", 40) + `"}`, 409, "--tracker-deny"},
		"a web page":      {"<!doctype html>", 400, "a web page"},
		"zipped":          {"\x1f\x8b\x08\x00", 400, "gunzip"},
		"a bomb of lists": {"d4:info" + strings.Repeat("l", 4<<20), 400, "broken"},
		"a bomb of JSON":  {`{"name":` + strings.Repeat("[", 1<<20), 400, "no JSON"},
		"lying lengths":   {"d4:infod6:lengthi1e4:name99999999999:x", 400, "broken"},
		"10 MB of zeros":  {strings.Repeat("\x00", 10<<20), 400, "not"},
		"17 MB":           {"d" + strings.Repeat("4:spam4:eggs", 17<<20/12+1), 413, "more than 16777216 bytes"},
	} {
		r := post("/add_torrent_info", c.body, nil)
		says, response := answer[problem](t, r)
		if response.StatusCode != c.status || !strings.Contains(says.Detail, c.says) || strings.Contains(says.Detail, "\x1b") {
			t.Errorf("%s: %s %q; want %d and %q", name, response.Status, says.Detail, c.status, c.says)
		}
	}
	if total, _ := e.RegisteredTorrents(0); total != 0 {
		t.Errorf("%d torrents", total)
	}
}

func TestAdminCallsNeedTheTokenAndNoForeignPage(t *testing.T) {
	ended := false
	url, e, post := tracking(t, func() { ended = true })
	good := `{"info_hash": "2d066c94480adcf5b7ab60065f24e681a57e011f"}`
	for _, path := range []string{"/add_torrent_info", "/save_state", "/shutdown"} {
		for _, auth := range []string{"Bearer wrong", "Bearer ", "Basic Og==", "x"} {
			refused(t, post(path, good, map[string]string{"Authorization": auth}), http.StatusUnauthorized)
		}
		refused(t, post(path, good, map[string]string{"Origin": "http://evil.example"}), http.StatusForbidden)
		refused(t, post(path, good, map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}), http.StatusForbidden)
		refused(t, post(path, good, map[string]string{"Host": "evil.example"}), http.StatusForbidden)
		refused(t, request(t, url+path, nil), http.StatusMethodNotAllowed)
		for _, trick := range []string{"//" + path[1:], "/." + path, "/x/.." + path, path + "/", "/%2e%2e" + path, path + "%00"} {
			refused(t, post(trick, good, nil), http.StatusNotFound)
		}
	}
	if total, _ := e.RegisteredTorrents(0); total != 0 || ended {
		t.Errorf("%d torrents; ended: %v", total, ended)
	}
}

func TestABodyWithoutTheTokenIsNotRead(t *testing.T) {
	url, _, _ := tracking(t, nil)
	conn := dial(t, url)
	if _, err := conn.Write([]byte("POST /add_torrent_info HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\nd")); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := io.CopyN(&got, conn, int64(len("HTTP/1.1 401 "))); err != nil || got.String() != "HTTP/1.1 401 " {
		t.Errorf("%q, %v; want an answer before the body", got.String(), err)
	}
}

func TestTheStateIsSavedAndTheProgramEndsOnRequest(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	_, e, post := tracking(t, end)
	answer[addedTorrent](t, post("/add_torrent_info", `{"info_hash": "0101010101010101010101010101010101010101"}`, nil))
	if says := announceOf(t, e, strings.Repeat("%01", 20)); !strings.Contains(says, "interval") {
		t.Fatal(says)
	}
	if got, response := answer[message](t, post("/save_state", "", nil)); response.StatusCode != http.StatusOK || got.Message == "" {
		t.Errorf("%s %+v", response.Status, got)
	}
	if got, response := answer[message](t, post("/shutdown", "", nil)); response.StatusCode != http.StatusOK || got.Message == "" || ctx.Err() == nil {
		t.Errorf("%s %+v, %v", response.Status, got, ctx.Err())
	}
	_, _, screen := tracking(t, nil)
	refused(t, screen("/shutdown", "", nil), http.StatusConflict)
}
