package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

const trackedHash = "2d066c94480adcf5b7ab60065f24e681a57e011f"

// openTracker is a tracker over HTTP that knows every hash: it has as many seeders as given, and 2 leechers. asked
// counts the requests.
func openTracker(t *testing.T, seeders int) (url string, asked *atomic.Int32) {
	t.Helper()
	asked = new(atomic.Int32)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		io.WriteString(w, "d5:filesd") //nolint:errcheck // the test sees what does not arrive
		for _, hash := range r.URL.Query()["info_hash"] {
			fmt.Fprintf(w, "20:%sd8:completei%de10:downloadedi9e10:incompletei2ee", hash, seeders)
		}
		io.WriteString(w, "ee") //nolint:errcheck // as above
	}))
	t.Cleanup(s.Close)
	return s.URL + "/announce", asked
}

// trackersObject is what the tests read of an object of --json and --ndjson.
type trackersObject struct {
	Kind     string
	InfoHash string `json:"info_hash"`
	DHT      *struct {
		PeersEstimate *int `json:"peers_estimate"`
		PeersFound    int  `json:"peers_found"`
	}
	Trackers []struct {
		Tracker                      string
		Seeders, Leechers, Completed *int
		RTTMS                        *int `json:"rtt_ms"`
		Error                        *string
	}
}

func TestTheTrackersOfALinkAreAskedUnlessOthersAreGiven(t *testing.T) {
	own, ownAsked := openTracker(t, 5)
	other, _ := openTracker(t, 7)
	link := "magnet:?xt=urn:btih:" + trackedHash + "&tr=" + own + "&tr=http://127.0.0.1:1/announce"
	code, out, errs := dhtop(t, "", "trackers", link, "--no-dht", "--json")
	var got []trackersObject
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exit.Done || len(got) != 1 || got[0].DHT != nil || len(got[0].Trackers) != 2 {
		t.Fatalf("exit code %d, %q, said %q; %v", code, out, errs, err)
	}
	first, second := got[0].Trackers[0], got[0].Trackers[1]
	if got[0].InfoHash != trackedHash || first.Tracker != own || *first.Seeders != 5 || *first.Leechers != 2 || *first.Completed != 9 || first.RTTMS == nil ||
		first.Error != nil || second.Seeders != nil || second.RTTMS != nil || !strings.Contains(*second.Error, "refused") {
		t.Errorf("%s", out)
	}
	asked := ownAsked.Load()
	code, out, _ = dhtop(t, "", "trackers", link, other, "--no-dht", "--csv")
	if want := "info_hash,source,seeders,leechers,completed,rtt_ms,error\n" + trackedHash + "," + other + ",7,2,9,"; code != exit.Done ||
		!strings.HasPrefix(out, want) || strings.Count(out, "\n") != 2 || ownAsked.Load() != asked {
		t.Errorf("exit code %d, %q, want %q", code, out, want)
	}
	code, out, _ = dhtop(t, "", "trackers", link, "--no-dht")
	if lines := strings.Split(out, "\n"); code != exit.Done || lines[0] != "# "+trackedHash ||
		strings.Join(strings.Fields(lines[2])[:4], " ") != own+" 5 2 9" || strings.Index(lines[1], "seeders") != strings.Index(lines[2], "5  ")-6 {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestManyHashesAreAskedAboutTogether(t *testing.T) {
	tracker, asked := openTracker(t, 5)
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, "%040x\n", i+1)
	}
	lines.WriteString("nonsense\n")
	code, out, errs := dhtop(t, lines.String(), "trackers", "-", tracker, "--no-dht", "--ndjson")
	hashes, wrong := 0, 0
	for line := range strings.Lines(out) {
		var got trackersObject
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		switch got.Kind {
		case "trackers":
			if hashes++; got.InfoHash != fmt.Sprintf("%040x", hashes) || got.Trackers[0].Seeders == nil || *got.Trackers[0].Seeders != 5 {
				t.Errorf("%d: %s", hashes, line)
			}
		case "error":
			wrong++
		}
	}
	if code != exit.Nothing || hashes != 40 || wrong != 1 || !strings.Contains(errs, "line 41") || asked.Load() > 5 {
		t.Errorf("exit code %d, %d hashes, %d bad lines, %d requests, said %q", code, hashes, wrong, asked.Load(), errs)
	}
}

func TestTrackersAreRanked(t *testing.T) {
	good, _ := openTracker(t, 5)
	code, out, errs := dhtop(t, trackedHash+"\n"+strings.Repeat("1", 40), "trackers", "-", "http://127.0.0.1:1/announce", good, "--rank", "--json")
	var got []struct {
		Rank, Scrapes, Answered, Hashes, Known, Seeders int
		Tracker                                         string
		Error                                           *string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exit.Done || len(got) != 2 {
		t.Fatalf("exit code %d, %q, said %q; %v", code, out, errs, err)
	}
	if best := got[0]; best.Tracker != good || best.Rank != 1 || best.Answered != best.Scrapes || best.Hashes != 2 || best.Known != 2 || best.Seeders != 10 ||
		got[1].Answered != 0 || got[1].Error == nil {
		t.Errorf("%s", out)
	}
	for _, form := range []string{"--csv", "--ndjson", "--ascii"} {
		if code, out, _ := dhtop(t, "", "trackers", trackedHash, good, "--rank", form); code != exit.Done || !strings.Contains(out, good) {
			t.Errorf("%s: exit code %d, %q", form, code, out)
		}
	}
}

func TestTheDHTsViewStandsBesideThatOfTheTrackers(t *testing.T) {
	tracker, _ := openTracker(t, 5)
	demo := strings.Fields("--demo --demo-nodes 60 --rate 0 --rate-bytes 0 --rate-new 0 --json")
	var hashes []string
	for i := range 20 {
		hashes = append(hashes, demoHash(i))
	}
	code, out, errs := dhtop(t, strings.Join(hashes, "\n"), append([]string{"trackers", "-", tracker, "udp://192.0.2.1:1"}, demo...)...)
	var got []trackersObject
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exit.Done || len(got) != len(hashes) {
		t.Fatalf("exit code %d, %q, said %q; %v", code, out, errs, err)
	}
	found := 0
	for i, o := range got {
		if o.InfoHash != hashes[i] || o.DHT == nil || *o.Trackers[0].Seeders != 5 || !strings.Contains(*o.Trackers[1].Error, "not contacted") {
			t.Errorf("%+v", o)
			continue
		}
		found += o.DHT.PeersFound
	}
	if found == 0 {
		t.Errorf("the DHT has no peers of any hash: %s", out)
	}
}

func TestHowTrackersEnds(t *testing.T) {
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "d5:filesdee") //nolint:errcheck // the test sees what does not arrive
	}))
	defer empty.Close()
	for args, want := range map[string]struct {
		code int
		says string
	}{
		trackedHash:                                        {exit.Usage, "no tracker to ask"},
		"udp://127.0.0.1:1":                                {exit.Usage, "no hash given"},
		trackedHash + " udp://127.0.0.1":                   {exit.Usage, `"udp://127.0.0.1": there is no port`},
		trackedHash + " ftp://127.0.0.1/announce":          {exit.Usage, "this is no tracker"},
		trackedHash + " wss://127.0.0.1":                   {exit.Usage, "only browsers"},
		trackedHash + " " + empty.URL + "/announce":        {exit.Nothing, "no tracker knows the swarm"},
		trackedHash + " " + empty.URL + "/x":               {exit.Nothing, "no tracker knows the swarm"},
		"- " + empty.URL + "/announce":                     {exit.Usage, "no hash on standard input"},
		trackedHash + " --parallel 0 udp://127.0.0.1:1":    {exit.Usage, "want 1 to 256"},
		trackedHash + " --timeout 100ms udp://127.0.0.1:1": {exit.Nothing, "no tracker knows the swarm"},
	} {
		code, _, errs := dhtop(t, "", append([]string{"trackers", "--no-dht"}, strings.Fields(args)...)...)
		if code != want.code || !strings.Contains(errs, want.says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit code %d, said %q, want %+v", args, code, errs, want)
		}
	}
}

func TestASignalEndsTheScrapesWithWhatTheyHave(t *testing.T) {
	good, asked := openTracker(t, 5)
	end := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-end }))
	defer slow.Close()
	defer close(end)
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_STATE_HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		for asked.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond) // for its answer to arrive
		cancel(exit.ErrSignal)
	}()
	var out, errs bytes.Buffer
	args := []string{"trackers", trackedHash, good, slow.URL + "/announce", "--no-dht", "--json"}
	code := run(ctx, args, console.NewStreams(strings.NewReader(""), &out, &errs))
	var got []trackersObject
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || code != exit.Interrupted || len(got) != 1 || *got[0].Trackers[0].Seeders != 5 ||
		!strings.Contains(*got[0].Trackers[1].Error, "cut short") {
		t.Errorf("exit code %d, %s, said %q; %v", code, &out, &errs, err)
	}
}
