package api

import (
	"bufio"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"dhtop/dhtcore"
)

// address is one of a host: with a port, or without a prefix length.
var address = regexp.MustCompile(`\b\d+\.\d+\.\d+\.[1-9]\d*\b(:\d+)?|\[[0-9a-f:]+\]:\d+`)

func TestMaskedNoAnswerHasAnAddress(t *testing.T) {
	t.Parallel()
	url, e := servingExplorer(t, lively(), Config{Mask: true})
	eventually(t, "peers of a hash", func() bool {
		s := e.Snapshot()
		if s.Phase != dhtcore.Serving || len(s.Hashes.Top) == 0 || s.Hashes.Top[0].Requests == 0 {
			return false
		}
		if len(s.Lookups) == 0 || len(s.Lookups[0].Peers) == 0 {
			e.Lookup(t.Context(), s.Hashes.Top[0].InfoHash)
		}
		return true
	})
	hash := dhtcore.ID(e.Snapshot().Hashes.Top[0].InfoHash).String()
	own := e.Snapshot().Nodes[0].ID.String()
	check := func(path, text string) {
		if found := address.FindAllString(text, -1); len(found) > 0 || strings.Contains(text, own) {
			t.Errorf("%s tells %.3q, or our own ID", path, found)
		}
	}
	for _, r := range routes() {
		path := strings.ReplaceAll(r.path, "{info_hash}", hash)
		if r.method != http.MethodGet || r.live || path == "/openapi.json" {
			continue
		}
		if path == "/api/v1/lookups" {
			path += "?steps=yes"
		}
		text, _ := fetched(t, url+path, nil)
		check(path, text)
	}
	response, err := http.DefaultClient.Do(request(t, url+"/api/v1/events?last_event_id=0", nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for range 300 {
		if !lines.Scan() {
			break
		}
		check("/api/v1/events", lines.Text())
	}
}
