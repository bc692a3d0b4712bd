package api

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"dhtop/views/page"
)

// browser is the header Accept of Firefox and Chromium.
const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// get reads an answer, whatever it is.
func get(t *testing.T, url string, header map[string]string) (*http.Response, string) {
	t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request(t, url, header))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(b)
}

func TestABrowserGetsThePageAndAProgramTheIndex(t *testing.T) {
	t.Parallel()
	url := serving(t, quiet(), Config{})
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", browser: "text/html; charset=utf-8",
		"application/json, text/html": "application/json", "text/html": "text/html; charset=utf-8",
	} {
		r, text := get(t, url+"/", map[string]string{"Accept": accept})
		if r.Header.Get("Content-Type") != want || r.Header.Get("Vary") == "" {
			t.Errorf("Accept: %q is answered with %v", accept, r.Header)
		}
		if strings.HasPrefix(want, "text/html") && (r.Header.Get("Content-Security-Policy") != page.Policy() || !strings.Contains(text, "<script>")) {
			t.Errorf("%v: %.200q", r.Header, text)
		}
	}
	r, text := get(t, url+"/report", nil)
	if r.Header.Get("Content-Security-Policy") == "" || !strings.HasPrefix(text, "<!doctype html>") || strings.Contains(text, "<script") {
		t.Errorf("/report: %v: %.200q", r.Header, text)
	}
}

func TestAPageIsToldItsNewContents(t *testing.T) {
	t.Parallel()
	url := serving(t, quiet(), Config{})
	response, err := http.DefaultClient.Do(request(t, url+page.Stream, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	var last string
	for n := 0; n < 2 && lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		if !ok {
			continue
		}
		var parts map[string]string
		if err := json.Unmarshal([]byte(data), &parts); err != nil || !strings.Contains(parts["health"], "dhtop demo") {
			t.Fatalf("%v: %.200q", err, data)
		}
		if parts["health"] == last {
			t.Error("a second later all is the same")
		}
		last, n = parts["health"], n+1
	}
	if last == "" {
		t.Errorf("nothing came: %v", lines.Err())
	}
}
