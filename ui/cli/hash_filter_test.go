package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
)

func TestExportPrintsWhatPassesTheFilter(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "rows.csv")
	rows := "rank,info_hash,name,requests,announces,sources,samples,peers,first_seen,last_seen\n" +
		"1," + strings.Repeat("aa", 20) + ",ubuntu one,50,0,3,1,0,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n" +
		"2," + strings.Repeat("bb", 20) + ",debian,20,2,3,1,0,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n" +
		"3," + strings.Repeat("cc", 20) + ",,5,0,1,1,0,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	store := "sqlite:" + filepath.Join(dir, "dhtop.db")
	if code, _, errs := dhtop(t, "", "import", "--data", dir, "--store", store, "--origin", "x", file); code != exit.Done {
		t.Fatalf("import: %d, %s", code, errs)
	}
	for filter, want := range map[string]string{
		"requests>10": "aa bb", "req>10 !ubuntu": "bb", "ann>0": "bb", "cccc": "cc", "name~^ubuntu": "aa", "seen<1m": "", "seen>1h req<6": "cc",
		`"ubuntu one"`: "aa", "magnet:?xt=urn:btih:" + strings.Repeat("BB", 20): "bb", "": "aa bb cc",
	} {
		code, out, errs := dhtop(t, "", "export", "--data", dir, "--store", store, "--format", "csv", "--filter", filter)
		var got []string
		for line := range strings.Lines(out) {
			if fields := strings.Split(line, ","); len(fields) > 1 && fields[0] != "rank" {
				got = append(got, fields[1][:2])
			}
		}
		if strings.Join(got, " ") != want || (code == exit.Done) != (want != "") {
			t.Errorf("%q: %d, %v, %s; want %s", filter, code, got, errs, want)
		}
	}
	if code, out, _ := dhtop(t, "", "export", "--data", dir, "--store", store, "--format", "csv", "--filter", "req<30", "--limit", "1"); code != exit.Done || strings.Count(out, "\n") != 2 || !strings.Contains(out, "debian") {
		t.Errorf("the limit is not one of those that pass: %s", out)
	}
	if code, _, errs := dhtop(t, "", "export", "--data", dir, "--store", store, "--filter", "rats>1"); code != exit.Usage || !strings.Contains(errs, `--filter: no field "rats": did you mean rate?`) {
		t.Errorf("%d, %s", code, errs)
	}
}

func TestACrawlPrintsAHashOnceItPassesTheFilter(t *testing.T) {
	f, err := dhtcore.ParseHashFilter("req>=3")
	if err != nil {
		t.Fatal(err)
	}
	row := dhtcore.HashRow{InfoHash: [20]byte{1}}
	pick := newCrawlFilter(&hashFilter{HashFilter: f}, func(dhtcore.ID) (dhtcore.HashRow, bool) { return row, true })
	e := &dhtcore.Event{Kind: dhtcore.Discovered, Hash: row.InfoHash}
	var found []bool
	for _, kind := range []dhtcore.EventKind{dhtcore.Discovered, dhtcore.Requested, dhtcore.Requested, dhtcore.Requested} {
		e.Kind = kind
		row.Requests++
		found = append(found, pick.finds(e))
	}
	if found[0] || found[1] || !found[2] || found[3] {
		t.Errorf("found %v", found)
	}
	if !pick.about(e) || !pick.about(&dhtcore.Event{Kind: dhtcore.Warning}) {
		t.Error("an event is left out")
	}
	all := newCrawlFilter(&hashFilter{}, nil)
	if e.Kind = dhtcore.Discovered; !all.finds(e) || !all.about(e) {
		t.Error("without a filter a discovery is left out")
	}
	if code, _, errs := dhtop(t, "", "crawl", "--demo", "--filter", "req>many"); code != exit.Usage || !strings.Contains(errs, "--filter: req>many: want a number") {
		t.Errorf("%d, %s", code, errs)
	}
}

func TestAFilterIsCompletedInTheShell(t *testing.T) {
	if code, out, _ := dhtop(t, "", "__complete", "export", "--filter", "req>10 se"); code != exit.Done || !strings.Contains(out, "req>10 seeds>\nreq>10 seen<\n") {
		t.Errorf("%d, %q", code, out)
	}
}
