package api

import (
	"cmp"
	"encoding/csv"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dhtop/views/report"
)

// fetched returns the body of a GET that succeeds, as it comes.
func fetched(t *testing.T, url string, header map[string]string) (string, *http.Response) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}, Timeout: patience}
	response, err := client.Do(request(t, url, header))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b), response
}

// byBucket compares nodes of one identity by the bits that they share with it.
func byBucket(a, b report.Node) int { return cmp.Compare(a.Bucket, b.Bucket) }

// TestReads asks one Explorer among nodes that ask for hashes. Every answer is checked against the OpenAPI document.
func TestReads(t *testing.T) {
	t.Parallel()
	url := serving(t, lively(), Config{})
	api := url + "/api/v1"
	page := func(t *testing.T, query string) report.HashPage {
		t.Helper()
		var p report.HashPage
		eventually(t, query, func() bool { // rankings wait for their turn: 503 asks for patience
			var response *http.Response
			p, response = answer[report.HashPage](t, request(t, api+"/hashes?"+query, nil))
			if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("%s: %s", query, response.Status)
			}
			return response.StatusCode == http.StatusOK
		})
		return p
	}
	eventually(t, "hashes", func() bool { return len(page(t, "limit=500").Hashes) > 60 })

	t.Run("pages are sorted and none has what another had", func(t *testing.T) {
		for _, sort := range []string{"requests", "sources", "name"} {
			seen, last, cursor := map[string]bool{}, 0, ""
			for range 3 {
				p := page(t, "limit=10&sort="+sort+cursor)
				for i, h := range p.Hashes {
					if seen[h.InfoHash.String()] {
						t.Errorf("%s: %s is on two pages", sort, h.InfoHash)
					}
					if seen[h.InfoHash.String()] = true; i > 0 && h.Rank <= last {
						t.Errorf("%s: rank %d after %d", sort, h.Rank, last)
					}
					last = h.Rank
				}
				if p.NextCursor == nil {
					break
				}
				cursor = "&cursor=" + *p.NextCursor
			}
		}
		first := page(t, "limit=1&sort=info_hash").Hashes[0].InfoHash
		if other := page(t, "limit=1&sort=info_hash&order=desc").Hashes[0].InfoHash; other.String() <= first.String() {
			t.Errorf("descending begins with %s, ascending with %s", other, first)
		}
	})
	t.Run("the rows at hand end with a cursor", func(t *testing.T) {
		p := page(t, "limit=500")
		if len(p.Hashes) == 500 && p.Total > 500 && p.NextCursor == nil || len(p.Hashes) < 500 && p.NextCursor != nil {
			t.Errorf("%d of %d hashes, and the cursor %v", len(p.Hashes), p.Total, p.NextCursor)
		}
	})
	t.Run("the filter is that of the screen", func(t *testing.T) {
		for _, h := range page(t, "filter=requests%3E2&sort=rate").Hashes {
			if h.Requests <= 2 {
				t.Errorf("%d requests", h.Requests)
			}
		}
		if none := page(t, "filter=requests%3E1000000"); len(none.Hashes) > 0 || none.NextCursor != nil {
			t.Errorf("%d hashes with a million requests", len(none.Hashes))
		}
	})
	t.Run("what is wrong is named", func(t *testing.T) {
		other := page(t, "limit=1&sort=sources").NextCursor
		for query, param := range map[string]string{
			"/hashes?limit=0": "limit", "/hashes?sort=size": "sort", "/hashes?filter=size%3E1": "filter", "/hashes?filter=%7E%5B": "filter",
			"/hashes?cursor=x": "cursor", "/hashes?cursor=" + *other: "cursor", "/hashes?page=2": "page", "/stats?x=1": "x",
			"/hashes/xyz": "info_hash", "/hashes/" + strings.Repeat("0", 40): "info_hash", "/nodes?state=dead": "state",
			"/nodes?filter=rtt%3Efast": "filter", "/nodes?filter=requests%3E1": "filter", "/nodes?filter=rtt%3E": "filter", "/nodes?sort=age": "sort", "/nodes?order=up": "order",
			"/export?format=xml": "format", "/events?kind=all": "kind", "/events?last_event_id=x-y": "Last-Event-ID",
		} {
			says, response := answer[problem](t, request(t, api+query, nil))
			if response.StatusCode != http.StatusBadRequest || says.Parameter != param || says.Detail == "" {
				t.Errorf("%s: %s %+v; want %s named", query, response.Status, says, param)
			}
		}
	})
	t.Run("a hash is found in every form", func(t *testing.T) {
		hash := page(t, "limit=1").Hashes[0].InfoHash
		for _, form := range []string{hash.String(), strings.ToUpper(hash.String()), "magnet:%3Fxt=urn:btih:" + hash.String() + "&tr=http:%2F%2Ftracker.example%2Fannounce", "urn:btih:" + hash.String()} {
			if d, response := answer[report.HashDetail](t, request(t, api+"/hashes/"+form, nil)); response.StatusCode != http.StatusOK || d.InfoHash != hash || d.Requests == 0 || len(d.Sources) == 0 {
				t.Errorf("%s: %s %+v", form, response.Status, d)
			}
		}
		if p, response := answer[report.Swarm](t, request(t, api+"/hashes/"+hash.String()+"/peers", nil)); response.StatusCode != http.StatusOK || p.InfoHash != hash {
			t.Errorf("peers: %s %+v", response.Status, p)
		}
		unknown := refused(t, request(t, api+"/hashes/"+strings.Repeat("ab", 20), nil), http.StatusNotFound)
		unknown.Body.Close()
	})
	t.Run("nodes", func(t *testing.T) {
		all, _ := answer[[]report.Node](t, request(t, api+"/nodes", nil))
		good, _ := answer[[]report.Node](t, request(t, api+"/nodes?state=good&limit=3", nil))
		if len(all) == 0 || len(good) > 3 || len(good) > 0 && good[0].State != "good" {
			t.Errorf("%d nodes, good %v", len(all), good)
		}
		if far, _ := answer[[]report.Node](t, request(t, api+"/nodes?sort=distance&order=desc&identity=1", nil)); !slices.IsSortedFunc(far, byBucket) {
			t.Errorf("far to near: %v", far)
		}
		if near, _ := answer[[]report.Node](t, request(t, api+"/nodes?order=asc&identity=1", nil)); len(near) < 2 || near[0].Bucket < near[len(near)-1].Bucket {
			t.Errorf("near to far: %v", near)
		}
		for query, passes := range map[string]func(n *report.Node) bool{
			"filter=bits%3C2":              func(n *report.Node) bool { return n.Bucket < 2 },
			"filter=!bits%3C2":             func(n *report.Node) bool { return n.Bucket >= 2 },
			"filter=state:good+vantage:1":  func(n *report.Node) bool { return n.State == "good" && n.Vantage == 1 },
			"filter=" + all[0].ID.String(): func(n *report.Node) bool { return n.ID == all[0].ID },
		} {
			some, _ := answer[[]report.Node](t, request(t, api+"/nodes?"+query, nil))
			if len(some) == 0 || slices.ContainsFunc(some, func(n report.Node) bool { return !passes(&n) }) {
				t.Errorf("%s: %d nodes, not all of them such", query, len(some))
			}
		}
	})
	t.Run("an export has the columns of the command", func(t *testing.T) {
		text, response := fetched(t, api+"/export?limit=5", nil)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) != 6 || rows[0][0] != "rank" || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("%q, %v", text, err)
		}
		if text, _ = fetched(t, api+"/export?format=magnet&limit=2", nil); strings.Count(text, "magnet:?xt=urn:btih:") != 2 {
			t.Errorf("%q", text)
		}
	})
	t.Run("a document is sent once", func(t *testing.T) {
		text, response := fetched(t, url+"/openapi.json", nil)
		tag := response.Header.Get("ETag")
		for condition, want := range map[string]int{tag: 304, `"other", ` + strings.TrimPrefix(tag, "W/"): 304, "*": 304, `W/"other"`: 200} {
			again, response := fetched(t, url+"/openapi.json", map[string]string{"If-None-Match": condition})
			if response.StatusCode != want || (again == "") != (want == 304) {
				t.Errorf("If-None-Match %s: %s with %d bytes", condition, response.Status, len(again))
			}
		}
		packed, response := fetched(t, url+"/openapi.json", map[string]string{"Accept-Encoding": "gzip"})
		if response.Header.Get("Content-Encoding") != "gzip" || len(packed) >= len(text)/2 || !strings.Contains(response.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%d of %d bytes, %v", len(packed), len(text), response.Header)
		}
	})
}
