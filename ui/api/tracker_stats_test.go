package api

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"dhtop/views/page"
	"dhtop/views/report"
)

func TestTheStatisticsHaveTheTorrentsOfTheTracker(t *testing.T) {
	url, e, post := tracking(t, nil)
	const evil = `<script>alert(1)</script>\"'&\u001b[2J`
	for hash, name := range map[string]string{"01": evil, "02": "two"} {
		answer[addedTorrent](t, post("/add_torrent_info", `{"info_hash": "`+strings.Repeat(hash, 20)+`", "name": "`+name+`", "size": 5}`, nil))
	}
	if says := announceOf(t, e, strings.Repeat("%01", 20)); !strings.Contains(says, "interval") {
		t.Fatal(says)
	}
	eventually(t, "a Snapshot of the announce", func() bool { return e.Snapshot().Tracker.Swarms == 1 })
	got, response := answer[report.TrackerDocument](t, request(t, url+"/stats", nil))
	one, two := got.Torrents[strings.Repeat("01", 20)], got.Torrents[strings.Repeat("02", 20)]
	if response.StatusCode != http.StatusOK || len(got.Torrents) != 2 || got.Swarms != 1 || got.Peers != 1 || got.Registered != 2 || got.HTTP == nil || got.HTTP.Announces != 1 {
		t.Errorf("%s %+v", response.Status, got)
	}
	if one.Stats.Complete != 1 || one.Stats.Peers != 1 || one.Name == nil || !strings.Contains(*one.Name, "</script>") || one.Size == nil || *one.Size != 5 || one.Created == nil || !one.Registered {
		t.Errorf("%+v", one)
	}
	if two.Stats.Peers != 0 || two.Name == nil || *two.Name != "two" {
		t.Errorf("registered, without peers: %+v", two)
	}
	if got, _ := answer[report.TrackerDocument](t, request(t, url+"/stats?limit=1", nil)); len(got.Torrents) != 1 {
		t.Errorf("%+v", got.Torrents)
	}
	for _, query := range []string{"?limit=10001", "?limit=-1", "?limit=1&limit=2", "?x=1", "?limit=%zz"} {
		refused(t, request(t, url+"/stats"+query, nil), http.StatusBadRequest)
	}

	r, text := get(t, url+"/stats", map[string]string{"Accept": browser})
	if r.Header.Get("Content-Type") != "text/html; charset=utf-8" || r.Header.Get("Content-Security-Policy") != page.TrackerPolicy() || !strings.Contains(strings.Join(r.Header.Values("Vary"), ","), "Accept") {
		t.Errorf("%v", r.Header)
	}
	for _, want := range []string{"&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;", ">two<", "/announce", strings.Repeat("01", 20)} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bad := regexp.MustCompile(`(?i)<script|\bon\w+=|\x1b|https?://[^ <"]*\.(js|css)|<(img|link)[^>]*(src|href)="?http`).FindString(text); bad != "" {
		t.Errorf("the page has %q", bad)
	}
	if r, _ := get(t, url+"/stats", map[string]string{"Accept": "application/json, text/html"}); r.Header.Get("Content-Type") != "application/json" {
		t.Errorf("for a program: %v", r.Header)
	}
}

func TestTheStatisticsWithoutATrackerSayHowToRunOne(t *testing.T) {
	url := serving(t, quiet(), Config{})
	if got, _ := answer[report.TrackerDocument](t, request(t, url+"/stats", nil)); got.Torrents == nil || got.HTTP != nil {
		t.Errorf("%+v", got)
	}
	if _, text := get(t, url+"/stats", map[string]string{"Accept": browser}); !strings.Contains(text, "--tracker-http") {
		t.Errorf("%s", text)
	}
}

func TestThePageOfTheTrackerIsStillInABrowser(t *testing.T) {
	t.Parallel()
	url, e, post := tracking(t, nil)
	name := `<img src=x onerror='fetch("http://192.0.2.1/")'>`
	body, err := json.Marshal(torrentInfo{InfoHash: strings.Repeat("01", 20), Name: name})
	if err != nil {
		t.Fatal(err)
	}
	answer[addedTorrent](t, post("/add_torrent_info", string(body), nil))
	if says := announceOf(t, e, strings.Repeat("%01", 20)); !strings.Contains(says, "interval") {
		t.Fatal(says)
	}
	c := openBrowser(t)
	c.call("Page.navigate", map[string]any{"url": url + "/stats"}, nil)
	c.eventually("it shows a name as text", `document.getElementById("torrents")?.innerText.includes("<img src=x")`)
	if got := c.evaluate(`document.images.length + " " + getComputedStyle(document.body).fontSize`); got != "0 14px" {
		t.Errorf("images, and the size of the text: %s; want no image, and the style in force", got)
	}
	for _, asked := range c.requests {
		if !strings.HasPrefix(asked, url+"/") && !strings.HasPrefix(asked, "data:") {
			t.Errorf("it asked for %s", asked)
		}
	}
	if len(c.errors) > 0 {
		t.Errorf("on the console: %q", c.errors)
	}
}
