package alert

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dhtop/dhtcore/watch"
	"dhtop/dhtcore/wire"
)

// sadNews is an alert whose name would be an option, and more, to a shell or a careless program.
var sadNews = watch.Alert{Seq: 7, Kind: watch.LastSeed, Target: wire.ID{1}, Name: "--help $(touch x)", Since: time.Unix(100, 0), Fired: time.Unix(200, 0), Text: "--help has lost its last seed."}

func TestACommandIsRunForAnAlertWithoutAShell(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	file := filepath.Join(t.TempDir(), "said")
	run := execute([]string{sh, "-c", `cat >"$0"; printf '\n%s' "$@" >>"$0"`, file})
	if err := run(t.Context(), &sadNews); err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(said), "\n")
	want := []string{"fired", "last_seed", wire.ID{1}.String(), " --help $(touch x)", " --help has lost its last seed."}
	if strings.Join(lines[1:], "\n") != strings.Join(want, "\n") {
		t.Errorf("%q; want %q", lines[1:], want)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &m); err != nil || m["rule"] != "last_seed" || m["firing"] != true || m["cleared"] != nil || m["since"] != "1970-01-01T00:01:40Z" {
		t.Errorf("%s, %v", lines[0], err)
	}
	gone := watch.Alert{Kind: watch.NetworkGone, Fired: time.Unix(1, 0), Cleared: time.Unix(2, 0), Text: "gone"}
	if got := arguments(&gone); strings.Join(got, " ") != "cleared network_gone - - gone" {
		t.Errorf("%q", got)
	}
	failing := execute([]string{sh, "-c", "echo it is broken >&2; exit 3"})
	if err := failing(t.Context(), &sadNews); err == nil || !strings.Contains(err.Error(), "exit status 3: it is broken") {
		t.Errorf("%v", err)
	}
	if err := execute([]string{"/nonexistent"})(t.Context(), &sadNews); err == nil {
		t.Error("a program that does not exist was run")
	}
}

func TestAWebHookIsTriedAgain(t *testing.T) {
	var asked atomic.Int32
	answers := []int{500, 429, 204}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct{ Rule, Text string }
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Rule != "last_seed" || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%+v, %v", m, err)
		}
		w.WriteHeader(answers[asked.Add(1)-1])
	}))
	defer hook.Close()
	post := webhook(http.DefaultTransport, hook.URL+"/secret", make([]time.Duration, 5))
	if err := post(t.Context(), &sadNews); err != nil || asked.Load() != 3 {
		t.Errorf("%v after %d", err, asked.Load())
	}
	asked.Store(0)
	answers = []int{404}
	if err := post(t.Context(), &sadNews); err == nil || asked.Load() != 1 || !strings.Contains(err.Error(), "answers 404") || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v after %d; nothing mends a 404", err, asked.Load())
	}
	hook.Close()
	if err := post(t.Context(), &sadNews); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	for _, bad := range []string{"", "x", "ftp://x/", "http:///x", "http://%zz"} {
		if CheckWebhook(bad) == nil {
			t.Errorf("%q is fine", bad)
		}
	}
}

func TestADeliveryNeverBlocksAndSaysWhatItDropped(t *testing.T) {
	began, release := make(chan bool), make(chan bool)
	troubles := make(chan string, 2*waiting)
	d := newDelivery("alert-exec", 1, func(ctx context.Context, _ *watch.Alert) error {
		select {
		case began <- true:
			<-release
		case <-ctx.Done():
		}
		return nil
	}, func(s string) { troubles <- s })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() { d.Run(ctx); close(ended) }()
	d.Tell(sadNews)
	<-began // it is at work
	for range waiting + 3 {
		d.Tell(sadNews)
	}
	release <- true
	if s := <-troubles; !strings.Contains(s, "--alert-exec: it takes too long; 3 alerts were dropped") {
		t.Errorf("%q", s)
	}
	<-began
	release <- true
	if s := <-troubles; s != "" {
		t.Errorf("%q; all is well again", s)
	}
	<-began
	cancel()
	release <- true
	<-ended
}
