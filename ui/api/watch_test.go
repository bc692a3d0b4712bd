package api

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/views/report"
)

const watchedKey = "yqrx81zchh6aotjj85s96gdqbmsoprxr3ks6ks6y8eccpj8b7oiy"

// remove makes the request that takes an entry off the watch list.
func (c commander) remove(t *testing.T, target string) *http.Request {
	t.Helper()
	r := request(t, c.url+"/api/v1/watch/"+target, map[string]string{"Authorization": "Bearer " + c.token})
	r.Method = http.MethodDelete
	return r
}

func TestTheWatchListIsReadAndChanged(t *testing.T) {
	dir := t.TempDir()
	url := serving(t, quiet(), Config{DataDir: dir})
	c := commander{url, strings.TrimSpace(read(t, filepath.Join(dir, "token")))}
	hash, other := strings.Repeat("ab", 20), strings.Repeat("cd", 20)

	list := func() report.WatchList {
		t.Helper()
		l, response := answer[report.WatchList](t, request(t, url+"/api/v1/watch", nil))
		if response.StatusCode != http.StatusOK {
			t.Fatal(response.Status)
		}
		return l
	}
	if l := list(); l.Watching != 0 || len(l.Entries) != 0 || l.Entries == nil || l.Alerts == nil {
		t.Errorf("%+v; want an empty list", l)
	}
	added := done[watched](t, c, "/api/v1/watch", map[string]any{"magnet": "magnet:?xt=urn:btih:" + hash + "&dn=two+words&tr=udp://a.example:1",
		"trackers": []string{"http://b.example/announce"}, "scrape": true, "min_seeds": 3})
	if e := added.Entry; !added.Added || e.Target != hash || *e.Label != "two words" || *e.MinSeeds != 3 || e.State != "waiting" || *e.InfoHash != hash {
		t.Errorf("%+v", added)
	}
	if again := done[watched](t, c, "/api/v1/watch", map[string]any{"info_hash": strings.ToUpper(hash), "label": "mine"}); again.Added || *again.Entry.Label != "mine" || *again.Entry.MinSeeds != 3 {
		t.Errorf("%+v; want what was known, with another label", again)
	}
	if item := done[watched](t, c, "/api/v1/watch", map[string]any{"pk": watchedKey, "salt": "s"}); *item.Entry.Key != watchedKey || *item.Entry.Salt != "s" || item.Entry.InfoHash != nil {
		t.Errorf("%+v", item)
	}
	if l := list(); l.Watching != 2 || len(l.Entries) != 2 || l.Entries[0].Target != hash {
		t.Errorf("%+v", l)
	}
	for _, bad := range []struct {
		body map[string]any
		says string
	}{
		{map[string]any{}, "pass one of info_hash, magnet and pk"},
		{map[string]any{"info_hash": other, "pk": watchedKey}, "pass one of"},
		{map[string]any{"info_hash": "/etc/passwd"}, "info_hash: want 40"},
		{map[string]any{"info_hash": strings.Repeat("0", 40)}, "a hash of zeros"},
		{map[string]any{"pk": "xyz"}, "pk: want pk: and a public key"},
		{map[string]any{"info_hash": other, "salt": "s"}, "pass it with pk"},
		{map[string]any{"pk": watchedKey, "min_seeds": 2}, "no trackers and no seeds"},
		{map[string]any{"info_hash": other, "min_seeds": -1}, "min_seeds -1: want"},
		{map[string]any{"info_hash": other, "trackers": []string{"file:///etc/passwd"}}, "trackers: "},
	} {
		p, response := answer[problem](t, c.post(t, "/api/v1/watch", bad.body))
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(p.Detail, bad.says) {
			t.Errorf("%v: %s %+v; want %q", bad.body, response.Status, p, bad.says)
		}
	}
	for target, status := range map[string]int{
		"xyz": 400, "pk:xyz": 400, other: 404, hash: 200, "pk:" + watchedKey + "%2Fs": 200, "pk:" + watchedKey: 404,
	} {
		if _, response := answer[any](t, c.remove(t, target)); response.StatusCode != status {
			t.Errorf("%s: %s; want %d", target, response.Status, status)
		}
	}
	if l := list(); len(l.Entries) != 0 {
		t.Errorf("%+v; want none", l)
	}
}

func TestTheOwnerOfASocketChangesTheWatchListWithoutAToken(t *testing.T) {
	s := &Server{socket: true}
	table := methods{}
	rows := routes()
	for i := range rows {
		if rows[i].path == "/api/v1/watch" {
			table[rows[i].method] = &rows[i]
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/api/v1/watch", io.NopCloser(bytes.NewReader(nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.mayCall(table, table[http.MethodPost], r); err != nil {
		t.Error(err)
	}
	s.socket = false
	if err := s.mayCall(table, table[http.MethodPost], r); err == nil {
		t.Error("without a token over TCP, it may be changed")
	}
}
