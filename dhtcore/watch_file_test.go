package dhtcore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/history"
	"dhtop/dhtcore/watch"
)

const (
	hexHash = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	itemKey = "pk:yqrx81zchh6aotjj85s96gdqbmsoprxr3ks6ks6y8eccpj8b7oiy"
)

func writeFile(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheListFollowsItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list")
	writeFile(t, path, hexHash+" one\n"+itemKey)
	cfg := offline("")
	cfg.Watch = &WatchConfig{File: path}
	e, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	byHand := WatchEntry{Target: ID{9}}
	if _, err := e.Watch(byHand); err != nil {
		t.Fatal(err)
	}
	labels := func() (all []string) {
		rows, _ := e.WatchRows()
		for _, r := range rows {
			all = append(all, r.Name())
		}
		return all
	}
	if got := labels(); len(got) != 3 || got[0] != "one" {
		t.Fatalf("%q", got)
	}
	writeFile(t, path, hexHash+" renamed\n"+ID{9}.String()+" both")
	if err := e.watches.file.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := labels(); len(got) != 2 || got[0] != "renamed" || got[1] != "both" {
		t.Fatalf("%q", got)
	}
	writeFile(t, path, hexHash+" broken\nxyz")
	if err := e.watches.file.load(t.Context()); err == nil || len(labels()) != 2 || labels()[0] != "renamed" {
		t.Fatalf("%v, %q; a broken file changes nothing", err, labels())
	}
	writeFile(t, path, "# empty now")
	if err := e.watches.file.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := labels(); len(got) != 1 || got[0] != "both" {
		t.Fatalf("%q; what was added by hand stays", got)
	}
	cfg.Watch.File = filepath.Join(t.TempDir(), "none")
	if other, err := Open(cfg); err == nil || !strings.Contains(err.Error(), "--watch: ") {
		t.Errorf("%v, %v; want an error that names the setting", other, err)
	}
}

func TestTheDigestCountsNewHashes(t *testing.T) {
	if Figures[history.HashesFigure].Name != "hashes" {
		t.Fatalf("it is %q", Figures[history.HashesFigure].Name)
	}
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	s := &Snapshot{At: noon, Started: noon.Add(-12 * time.Hour), Hashes: Hashes{Seen: 1500}}
	for i, n := range []float32{100, 400, 900} {
		sample := HistorySample{At: noon.Add(time.Duration(i-3) * time.Hour)}
		sample.Values[history.HashesFigure] = n
		s.History.Samples = append(s.History.Samples, sample)
	}
	s.Watch = &Watch{Entries: 2, Alerts: []Alert{{Kind: watch.LastSeed, Target: ID{1}, Name: "mine", Fired: noon}}}
	d := DigestOf(s, noon.Add(-90*time.Minute))
	if len(d.Lines) != 2 || d.Lines[0].Text != "mine lost its last seed" || d.Lines[1].Text != "1,100 new hashes" {
		t.Errorf("%+v", d.Lines)
	}
}
