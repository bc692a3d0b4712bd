package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/ui/api"
	"dhtop/ui/cli/exit"
	"dhtop/ui/cli/settings"
	"dhtop/views/report"
)

const (
	watchedHash  = "2d066c94480adcf5b7ab60065f24e681a57e011f"
	anotherHash  = "1d066c94480adcf5b7ab60065f24e681a57e011f"
	watchedItem  = "pk:yqrx81zchh6aotjj85s96gdqbmsoprxr3ks6ks6y8eccpj8b7oiy"
	watchedLines = watchedHash + " min-seeds=3 scrape=yes the first\n" + watchedItem + "/s\n"
)

// watching returns what runs the watch command on a data directory of its own.
func watching(t *testing.T, dir string) func(stdin string, args ...string) (code int, out, errs string) {
	t.Helper()
	return func(stdin string, args ...string) (code int, out, errs string) {
		t.Helper()
		return dhtop(t, stdin, append([]string{"watch", "--data", dir, "--config", os.DevNull}, args...)...)
	}
}

func TestTheWatchListIsKeptWithoutANode(t *testing.T) {
	watch := watching(t, t.TempDir())
	if code, _, errs := watch(""); code != exit.Nothing || !strings.Contains(errs, "nothing is watched yet: ") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if code, out, _ := watch("", "--json"); code != exit.Done || !strings.Contains(out, `"entries": []`) {
		t.Errorf("exit code %d, %s", code, out)
	}
	if code, out, errs := watch("", "add", watchedHash, "--label", "the first", "--min-seeds", "3", "--scrape"); code != exit.Done || out != "added  "+watchedHash+"  the first\n" {
		t.Fatalf("exit code %d, %s%s", code, out, errs)
	}
	if code, _, errs := watch("", "add", watchedItem, "--salt", "s"); code != exit.Done {
		t.Fatal(errs)
	}
	code, lines, errs := watch("", "list")
	if code != exit.Done || lines != watchedLines {
		t.Errorf("exit code %d, %s%s", code, lines, errs)
	}
	other := watching(t, t.TempDir())
	if code, _, errs := other(lines, "import", "-"); code != exit.Done {
		t.Error(errs)
	}
	if _, again, _ := other("", "list"); again != lines {
		t.Errorf("%s; want what was listed", again)
	}
	if code, out, errs := watch("", "rm", watchedItem+"/s", anotherHash); code != exit.Nothing || !strings.HasPrefix(out, "removed  ") ||
		!strings.Contains(errs, anotherHash+": it is not on the watch list") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	if code, out, _ := watch(""); code != exit.Done || !strings.Contains(out, "waiting") || !strings.Contains(out, "the first") {
		t.Errorf("exit code %d, %s", code, out)
	}
}

func TestARunningNodeIsToldWhatToWatch(t *testing.T) {
	dir := t.TempDir()
	s, err := openSession(t.Context(), offlineIn(dir, "serve"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close() //nolint:errcheck // what it returns is not what this is about
	watch := watching(t, dir)
	for _, args := range [][]string{{"add", watchedHash, "--label", "live"}, {"add", watchedItem}, {"rm", watchedItem}} {
		if code, out, errs := watch("", args...); code != exit.Done {
			t.Fatalf("%s: exit code %d, %s%s", args, code, out, errs)
		}
	}
	if rows, _ := s.WatchRows(); len(rows) != 1 || rows[0].Label != "live" {
		t.Errorf("%+v", rows)
	}
	code, out, errs := watch("", "--json")
	var list report.WatchList
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exit.Done || len(list.Entries) != 1 || *list.Entries[0].Label != "live" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	if code, _, errs := watch("", "rm", anotherHash); code != exit.Nothing || !strings.Contains(errs, "it is not on the watch list") {
		t.Errorf("exit code %d, %s", code, errs)
	}
	if code, out, errs := watch("", "--ndjson", "--for", "50ms"); code != exit.Done || out != "" {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
}

func TestWhatCannotBeWatchedIsToldWithARemedy(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	if err := os.WriteFile(broken, []byte(watchedHash+"\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	for args, says := range map[string]string{
		"ad " + watchedHash:                      `did you mean "add"?`,
		"add":                                    "nothing given: name hashes",
		"import":                                 "no file given: ",
		"list x":                                 "takes no argument",
		"add nonsense":                           "want an info_hash, a magnet link",
		"add " + watchedHash + " --salt s":       "want",
		"add " + watchedItem + " --min-seeds 2":  "leave --min-seeds",
		"add " + watchedHash + " --min-seeds -2": "--min-seeds -2: want",
		"add " + watchedHash + " " + anotherHash + " --label":   "needs a value",
		"add " + watchedHash + " " + anotherHash + " --label=x": "--label is for one entry",
		"add " + empty:                         "there is no .torrent file",
		"import " + broken:                     "line 2",
		"--label x":                            "--label is for 'dhtop watch add'",
		"add " + watchedHash + " --store none": "--store none keeps no watch list",
	} {
		code, out, errs := watching(t, dir)("", strings.Fields(args)...)
		if code != exit.Usage || !strings.Contains(errs, says) || out != "" {
			t.Errorf("%s: exit code %d, %s%s; want %q", args, code, out, errs, says)
		}
	}
	if code, _, _ := watching(t, dir)("", "list"); code != exit.Done {
		t.Error("nothing was to be added")
	}
}

func TestEntriesAreRemovedByTheirLabels(t *testing.T) {
	const twin = "3d066c94480adcf5b7ab60065f24e681a57e011f"
	dir := t.TempDir()
	watch := watching(t, dir)
	lines := watchedHash + " The First\n" + anotherHash + " twin\n" + twin + " twin\n" + watchedItem + " " + watchedHash + "\n"
	if code, _, errs := watch(lines, "import", "-"); code != exit.Done {
		t.Fatal(errs)
	}
	for _, c := range []struct{ args, says string }{
		{"rm|The Furst", `"The Furst" is neither a label on the watch list nor a torrent or an item, so nothing was removed: did you mean "The First"?`},
		{"rm|nonsense at all", `: 'dhtop watch list' prints what is watched`},
		{"rm|The First|twin", `2 entries are called "twin", so nothing was removed: pass the hash of the one that you mean, of ` + anotherHash + " and " + twin},
		{"rm|The First|--label=x", "--label is for 'dhtop watch add'"},
	} {
		if code, out, errs := watch("", strings.Split(c.args, "|")...); code != exit.Usage || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%s: exit code %d, %s%s; want %s", c.args, code, out, errs, c.says)
		}
	}
	if code, out, errs := watch("", "rm", watchedHash); code != exit.Done || out != "removed  "+watchedHash+"\n" {
		t.Errorf("a hash is no label: exit code %d, %s%s", code, out, errs) // the item is called like it
	}
	if code, _, errs := watch("", "add", watchedHash, "--label", "The First"); code != exit.Done {
		t.Fatal(errs)
	}
	s, err := openSession(t.Context(), func() settings.Settings {
		c := offlineIn(dir, "serve")
		c.Explorer.Store = "sqlite:" + filepath.Join(dir, "dhtop.db")
		return c
	}())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close() //nolint:errcheck // as above
	await(t, "the list", func() bool { rows, _ := s.WatchRows(); return len(rows) == 4 })
	if code, out, errs := watch("", "rm", "the first", twin); code != exit.Done || !strings.HasPrefix(out, "removed  "+watchedHash+"  ") {
		t.Errorf("exit code %d, %s%s", code, out, errs)
	}
	if rows, _ := s.WatchRows(); len(rows) != 2 {
		t.Errorf("%d are left", len(rows))
	}
}

func TestTheWatchListOfADhtopElsewhereIsChangedWithItsToken(t *testing.T) {
	there, here := offlineIn(t.TempDir(), "serve"), t.TempDir()
	there.HTTP = &api.Config{Addr: "127.0.0.1:0", DataDir: there.Explorer.DataDir}
	token := tokenIn(there.Explorer.DataDir)
	s, err := openAPISession(t.Context(), there)
	if err != nil {
		t.Fatal(err)
	}
	defer s.wait()
	defer s.close() //nolint:errcheck // as above
	watch := watching(t, here)
	to := []string{"--to", s.url}
	for _, c := range []struct {
		args, says string
		code       int
	}{
		{"add " + watchedHash + " --label far", "wants its token: pass --token-file", exit.Usage},
		{"add " + watchedHash + " --label far --token-file " + token, "added  " + watchedHash + "  far\n", exit.Done},
		{"list", watchedHash + " far\n", exit.Done},
		{"--json", `"label": "far"`, exit.Done},
		{"--ndjson --for 50ms", "", exit.Done},
		{"rm far --token-file " + os.DevNull, "does not hold one line with a token", exit.Usage},
		{"rm far --token-file " + token, "removed  " + watchedHash + "  far\n", exit.Done},
	} {
		if code, out, errs := watch("", append(strings.Fields(c.args), to...)...); code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%s: exit code %d, %s%s; want %d, %s", c.args, code, out, errs, c.code, c.says)
		}
	}
	for args, says := range map[string]string{
		"--to nowhere":               `--to: there is no "nowhere" in the table [targets]`,
		"--to http://127.0.0.1:1":    "127.0.0.1:1 does not answer: connection refused: start 'dhtop serve' there",
		"list --token-file " + token: "--token-file is for a dhtop elsewhere",
	} {
		if code, out, errs := watch("", strings.Fields(args)...); code != exit.Usage || out != "" || !strings.Contains(errs, says) {
			t.Errorf("%s: exit code %d, %s%s; want %s", args, code, out, errs, says)
		}
	}
}
