package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"dhtop/ui/cli/exit"
)

func TestWhatACrawlPrintsCanBeImported(t *testing.T) {
	for _, form := range []string{"--json", "--ndjson"} {
		code, crawled, errs := dhtop(t, "", "crawl", "--demo", "--demo-nodes", "20", "--for", "1500ms", "--top", "5", form)
		if code != exit.Done {
			t.Fatalf("crawl %s: %d, %s", form, code, errs)
		}
		into := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
		if out := importInto(t, into, crawled, "--origin", "me"); !strings.Contains(out, "5 counts read, 5 of them new") {
			t.Errorf("import of crawl %s: %s", form, out)
		}
		if code, _, errs := dhtop(t, crawled, "import", "--store", into, "-"); code != exit.Usage || !strings.Contains(errs, "pass --origin NAME") {
			t.Errorf("import of crawl %s without an origin: %d, %s", form, code, errs)
		}
	}
}
