package dhtcore

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/crawl"
)

func warnings(e *Explorer) (texts []string) {
	for _, ev := range e.journal.Last(nil, 400) {
		if ev.Kind == Warning {
			texts = append(texts, ev.Text)
		}
	}
	return texts
}

func TestTheCrawlIsTakenUpWhereTheLastRunLeftIt(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, crawlFile)
	e, err := Open(offline(dir))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the place of a crawl that never was is saved")
	}
	state := e.crawl.Checkpoint()
	if err := os.WriteFile(path, state, 0o600); err != nil {
		t.Fatal(err)
	}
	e, err = Open(offline(dir))
	if err != nil {
		t.Fatal(err)
	}
	if w := warnings(e); len(w) != 0 {
		t.Errorf("warnings %q", w)
	}
	if other := crawl.New(crawl.Config{}); other.Restore(e.crawl.Checkpoint()) != nil || !bytes.Equal(other.Checkpoint(), e.crawl.Checkpoint()) {
		t.Error("the state does not survive another run")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestADamagedSweepBeginsAnewAndSaysSo(t *testing.T) {
	for _, damage := range []string{"", "garbage", strings.Repeat("\xff", 5000)} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, crawlFile), []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		e, err := Open(offline(dir))
		if err != nil {
			t.Fatal(err)
		}
		if w := warnings(e); len(w) != 1 || !strings.Contains(w[0], "the crawl starts over") {
			t.Errorf("%.10q: warnings %q", damage, w)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
