package cli

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dhtop/ui/cli/exit"
)

const adminToken = "correct horse battery staple"

// fakeAPI is the HTTP API of another dhtop, which answers with the given statuses in turn, and with 200 then. It returns
// the directory with its token and what it was sent.
func fakeAPI(t *testing.T, statuses ...int) (url, dir string, sent func() []torrentToAdd) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(tokenIn(dir), []byte(adminToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var all []torrentToAdd
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		b, err := io.ReadAll(r.Body)
		var add torrentToAdd
		if err != nil || json.Unmarshal(b, &add) != nil || r.Header.Get("Authorization") != "Bearer "+adminToken || r.Method != http.MethodPost || r.URL.Path != "/add_torrent_info" {
			t.Errorf("%s %s: %q, %v", r.Method, r.URL, b, err)
		}
		all = append(all, add)
		if len(statuses) > 0 {
			status := statuses[0]
			statuses = statuses[1:]
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(status)
			io.WriteString(w, `{"detail": "a sentence: with a remedy\u001b[2J"}`) //nolint:errcheck // the test sees what is missing
			return
		}
		json.NewEncoder(w).Encode(addResult{InfoHashes: []string{add.InfoHash}, Name: &add.Name, Size: &add.Size, Added: true}) //nolint:errcheck // as above
	}))
	t.Cleanup(server.Close)
	return server.URL, dir, func() []torrentToAdd { mu.Lock(); defer mu.Unlock(); return all }
}

func TestEveryFormOfATorrentIsToldToTheTracker(t *testing.T) {
	url, dir, sent := fakeAPI(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "a.torrent")
	const info = "d9:file treed1:ad0:d6:lengthi1eeee6:lengthi1e12:meta versioni2e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"
	if err := os.WriteFile(file, []byte("d4:info"+info+"e"), 0o600); err != nil {
		t.Fatal(err)
	}
	const one, two, three = "1d066c94480adcf5b7ab60065f24e681a57e011f", "2d066c94480adcf5b7ab60065f24e681a57e011f", "3d066c94480adcf5b7ab60065f24e681a57e011f"
	lines := "rubbish\n# a comment\n\n" + two + "\nmagnet:?xt=urn:btih:" + three + "&dn=t%1b%5b2Jhree&xl=7\n"
	code, out, errs := dhtop(t, lines, "tracker", "add", folder, one, "-", "--to", url+"/", "--data", dir, "--config", os.DevNull)
	if code != exit.Nothing || !strings.Contains(errs, `line 1 of standard input: "rubbish"`) || !strings.Contains(errs, "1 torrent was not added") {
		t.Errorf("exit code %d\n%s", code, errs)
	}
	got := sent()
	if len(got) != 4 {
		t.Fatalf("%+v\n%s", got, errs)
	}
	if got[0].Name != "a" || got[0].Size != 1 || len(got[0].InfoHash) != 40 || len(got[0].InfoHashV2) != 64 {
		t.Errorf("a hybrid file: %+v", got[0])
	}
	if got[1] != (torrentToAdd{InfoHash: one}) || got[2] != (torrentToAdd{InfoHash: two}) || got[3] != (torrentToAdd{InfoHash: three, Name: "t\ufffd[2Jhree", Size: 7}) {
		t.Errorf("%+v", got[1:])
	}
	if n := strings.Count(out, "\n"); n != 4 || strings.Contains(out, "\x1b") || !strings.HasPrefix(out, "added  "+got[0].InfoHash+"  a\n") {
		t.Errorf("%q", out)
	}
	for form, want := range map[string]string{"--json": `"info_hashes": [`, "--ndjson": `{"info_hashes":["` + one, "--csv": "info_hashes,name,size,added,error\n" + one + ",,0,true,\n"} {
		if code, out, errs := dhtop(t, "", "tracker", "add", one, "--to", url, "--data", dir, "--config", os.DevNull, form); code != exit.Done || !strings.Contains(out, want) {
			t.Errorf("%s: exit code %d, %s%s", form, code, out, errs)
		}
	}
}

func TestATrackerThatDoesNotAnswerIsTriedAgainAndThenGivenUp(t *testing.T) {
	for name, c := range map[string]struct {
		statuses []int
		tried    int
		says     string
	}{
		"it comes back":  {[]int{503, 500, 429}, 4, ""},
		"it stays away":  {[]int{503, 503, 503, 503}, 4, "a sentence: with a remedy"},
		"it refuses":     {[]int{409}, 1, "a sentence: with a remedy"},
		"a wrong token":  {[]int{401}, 1, "refuses the token in"},
		"a wrong port":   {[]int{404}, 1, "not the HTTP API"},
		"a redirect":     {[]int{307}, 1, "a sentence"},
		"a foreign name": {[]int{403}, 1, "refuses: a sentence"},
	} {
		url, dir, sent := fakeAPI(t, c.statuses...)
		api, err := newAPIClient(url, tokenIn(dir), 3, "")
		if err != nil {
			t.Fatal(err)
		}
		api.pause = time.Millisecond
		var r addResult
		remarks := 0
		err = api.post(t.Context(), "/add_torrent_info", &torrentToAdd{InfoHash: "x"}, &r, func(text string) {
			remarks++
			if !strings.Contains(text, "trying again in") {
				t.Errorf("%s: %s", name, text)
			}
		})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) || len(sent()) != c.tried || remarks != c.tried-1 {
			t.Errorf("%s: %v after %d attempts and %d remarks; want %d and %q", name, err, len(sent()), remarks, c.tried, c.says)
		}
	}
}

func TestNobodyAtTheOtherEndIsToldWithARemedy(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	_, dir, _ := fakeAPI(t)
	const hash = "1d066c94480adcf5b7ab60065f24e681a57e011f"
	for args, says := range map[string]string{
		"add " + hash + " --retries 0 --to " + closed.Addr().String():            "does not listen: start 'dhtop serve'",
		"add " + hash + " --retries 0 --to unix:" + filepath.Join(dir, "socket"): "does not listen: start 'dhtop serve'",
		"add " + hash + " --data " + t.TempDir():                                 "there is no token in",
		"add " + hash + " --token-file " + os.DevNull:                            "there is no token in",
		"add " + hash + " --http none":                                           "pass --to",
		"add " + hash + " --to ftp://x":                                          "want http://HOST:PORT",
		"add " + hash + " --to http://user:secret@x":                             "want http://HOST:PORT",
		"add " + hash + " --retries -1":                                          "want 0 to 20",
		"add rubbish":                                                            "want 40 or 64",
		"add " + dir:                                                             "no .torrent file in",
		"add":                                                                    "no torrent given",
		"":                                                                       "dhtop tracker add FILE...",
		hash:                                                                     "'dhtop trackers HASH'",
	} {
		all := append([]string{"tracker"}, strings.Fields(args)...)
		if !strings.Contains(args, "--data") {
			all = append(all, "--data", dir)
		}
		if code, out, errs := dhtop(t, "", append(all, "--config", os.DevNull)...); code != exit.Usage || out != "" || !strings.Contains(errs, says) || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "secret") {
			t.Errorf("%s: exit code %d, %s%s; want %q", args, code, out, errs, says)
		}
	}
}

func TestATorrentIsSentThroughAUnixSocket(t *testing.T) {
	_, dir, _ := fakeAPI(t)
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Skip(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "localhost" {
			t.Errorf("Host: %s", r.Host)
		}
		json.NewEncoder(w).Encode(addResult{InfoHashes: []string{"x"}}) //nolint:errcheck // the test sees what is missing
	})}
	go server.Serve(listener) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Close() })
	code, out, errs := dhtop(t, "", "tracker", "add", "1d066c94480adcf5b7ab60065f24e681a57e011f", "--to", "unix:"+path, "--data", dir, "--config", os.DevNull)
	if code != exit.Done || out != "known  x\n" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

func TestUnreachableWrapsItsCause(t *testing.T) {
	if c := (&apiClient{to: "x"}); !errors.Is(c.unreachable(os.ErrPermission), errUnreachable) || !errors.Is(c.unreachable(io.EOF), errUnreachable) {
		t.Error("what cannot be reached is tried for each torrent")
	}
}
