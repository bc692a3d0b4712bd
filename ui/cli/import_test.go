package cli

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
)

// counted by one store: hash n of a file has n requests.
func export100(t *testing.T, store, format string) string {
	t.Helper()
	code, out, errs := dhtop(t, "", "export", "--store", store, "--limit", "0", "--format", format)
	if code != exit.Done {
		t.Fatalf("export: exit code %d, %s", code, errs)
	}
	return out
}

// someStore returns the URL of a store that counted n hashes, 1 to n requests each.
func someStore(t *testing.T, origin string, n int) string {
	t.Helper()
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	_, err := dhtcore.Import(t.Context(), dhtcore.Config{Store: url}, func(yield func(dhtcore.StorePart, error) bool) {
		for i := range n {
			p := dhtcore.StorePart{Origin: dhtcore.NamedOrigin(origin)}
			p.InfoHash[0], p.Name = byte(i), fmt.Sprintf("a \"name\", %d", i)
			p.Requests, p.RawRequests, p.Sources = uint64(i+1), uint64(i+3), i
			p.FirstSeen, p.LastSeen = time.UnixMilli(1_700_000_000_123).UTC(), time.UnixMilli(1_700_000_001_123).UTC()
			if !yield(p, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func importInto(t *testing.T, store, stdin string, more ...string) (out string) {
	t.Helper()
	code, out, errs := dhtop(t, stdin, append([]string{"import", "--store", store, "-"}, more...)...)
	if code != exit.Done {
		t.Fatalf("import: exit code %d, %s", code, errs)
	}
	return out
}

func TestAnImportOfAnExportIsTheSameStore(t *testing.T) {
	from := someStore(t, "somebody", 100)
	for _, format := range []string{"csv", "json", "ndjson"} {
		t.Run(format, func(t *testing.T) {
			text := export100(t, from, format)
			into := "sqlite:" + filepath.Join(t.TempDir(), "y.sqlite")
			for i, says := range []string{"100 counts read, 100 of them new or higher", "100 counts read, 0 of them new or higher"} {
				if out := importInto(t, into, text); !strings.Contains(out, says) {
					t.Errorf("import %d says %q; want %q", i+1, out, says)
				}
			}
			if got := export100(t, into, format); got != text {
				t.Errorf("the export of what was imported differs: %.300s\nwant %.300s", got, text)
			}
		})
	}
}

func TestTwoPeoplesCrawlsAddUpOnce(t *testing.T) {
	ann, ben := someStore(t, "ann", 3), someStore(t, "ben", 2)
	into := "sqlite:" + filepath.Join(t.TempDir(), "sum.sqlite")
	for range 2 {
		importInto(t, into, export100(t, ann, "csv"))
		importInto(t, into, export100(t, ben, "ndjson"))
		importInto(t, ann, export100(t, into, "csv")) // and back, with their own counts in it
	}
	for _, url := range []string{into, ann} {
		out := export100(t, url, "csv")
		for _, want := range []string{"1,0100000000000000000000000000000000000000,", ",4,0,1,", "2,0200000000000000000000000000000000000000,", ",3,0,2,", "3,0000000000000000000000000000000000000000,", ",2,0,0,"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", url, want, out)
			}
		}
	}
}

func TestRowsThatDoNotSayWhoCountedNeedAName(t *testing.T) {
	const rows = "info_hash,requests\n0100000000000000000000000000000000000000,5\n"
	into := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	code, _, errs := dhtop(t, rows, "import", "--store", into, "-")
	if code != exit.Usage || !strings.Contains(errs, "line 2: no origin: pass --origin NAME") {
		t.Fatalf("exit code %d, %q", code, errs)
	}
	for range 2 {
		importInto(t, into, rows, "--origin", "ann")
		importInto(t, into, rows, "--origin", "ben")
	}
	if out := export100(t, into, "csv"); !strings.Contains(out, ",10,0,0,") {
		t.Fatalf("want 10 requests:\n%s", out)
	}
}

func TestAnImportThatCannotBeSaysWhy(t *testing.T) {
	dir := t.TempDir()
	store := "sqlite:" + filepath.Join(dir, "x.sqlite")
	empty := filepath.Join(dir, "empty.csv")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, stdin, says string
		code              int
	}{
		{args: "import", says: "no file given", code: exit.Usage},
		{args: "import /nowhere/at/all", says: "/nowhere/at/all", code: exit.Usage},
		{args: "import --store none -", says: "keeps nothing", code: exit.Usage},
		{args: "import --store " + store + " " + empty, says: "nothing to import", code: exit.Nothing},
		{args: "import --store " + store + " -", stdin: "a,b\n1,2\n", says: "no column info_hash", code: exit.Usage},
		{args: "import --store " + store + " -", stdin: `{"info_hash":"xy"}`, says: "want 40 hexadecimal digits", code: exit.Usage},
		{args: "import --store mysql://x -", stdin: "info_hash\n", says: "sqlite:PATH", code: exit.Usage},
	} {
		code, _, errs := dhtop(t, c.stdin, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(errs, c.says) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q; want %d and one line with %q", c.args, code, errs, c.code, c.says)
		}
	}
}

func TestRowsAreReadAheadInOrderAndToTheirEnd(t *testing.T) {
	rows := func(n int, failed error, running *bool) iter.Seq2[dhtcore.StoreEntry, error] {
		return func(yield func(dhtcore.StoreEntry, error) bool) {
			*running = true
			defer func() { *running = false }()
			parts := make([]dhtcore.StorePart, 1)
			for i := range n {
				h := dhtcore.StoreEntry{Parts: parts}
				h.Rank, parts[0].Requests = i+1, uint64(i)
				if !yield(h, nil) {
					return
				}
			}
			if failed != nil {
				yield(dhtcore.StoreEntry{}, failed)
			}
		}
	}
	for _, n := range []int{0, 1, aheadRows, aheadRows + 1, 10 * aheadRows} {
		for _, stop := range []int{1, aheadRows + 3, 1 << 20} {
			var running bool
			seen, failed := 0, error(nil)
			for h, err := range ahead(rows(n, os.ErrClosed, &running)) {
				if err != nil {
					failed = err
					break
				}
				if seen++; h.Rank != seen || h.Parts[0].Requests != uint64(seen-1) {
					t.Fatalf("row %d is %d of %d", seen, h.Rank, h.Parts[0].Requests)
				}
				if seen == stop {
					break
				}
			}
			if running || seen != min(n, stop) || (failed != nil) != (stop > n) {
				t.Errorf("%d rows until %d: %d seen, %v, still running %v", n, stop, seen, failed, running)
			}
		}
	}
}
