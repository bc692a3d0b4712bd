package dhtcore

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// killedEnv makes the test program an Explorer with the store that it names.
const killedEnv = "DHTOP_EXPLORER_CHILD"

// toBeKilled runs an Explorer on an embedded network and says every now and then what it has counted.
func toBeKilled(t *testing.T, url string) {
	e, err := Open(Config{Store: url, Crawl: true, Demo: &Demo{Nodes: 100, Seed: rand.Uint64()}, Bootstrap: []string{}, Bind: []netip.Addr{}})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	go func() {
		for range time.Tick(50 * time.Millisecond) {
			n := e.ledger.Totals()
			fmt.Println("counted", n.RawRequests+n.Maintenance+n.Announces+n.Samples)
		}
	}()
	e.Run(t.Context()) //nolint:errcheck // it is killed
}

// TestAKilledExplorerLosesAtMostItsLastSeconds kills one again and again: DHTOP_KILLS times, once by default.
func TestAKilledExplorerLosesAtMostItsLastSeconds(t *testing.T) {
	if url := os.Getenv(killedEnv); url != "" {
		toBeKilled(t, url)
		return
	}
	if testing.Short() {
		t.Skip("it takes twenty seconds")
	}
	kills, err := strconv.Atoi(os.Getenv("DHTOP_KILLS"))
	if err != nil {
		kills = 1
	}
	url := "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")
	var stored uint64
	for kill := range kills {
		least, most := killedExplorer(t, url)
		var total uint64
		for h, err := range Stored(t.Context(), Config{Store: url}, 0) {
			if err != nil {
				t.Fatal(err)
			}
			total += h.RawRequests + h.Maintenance + h.Announces + h.Samples
		}
		if total < stored+least || total > stored+most {
			t.Fatalf("after kill %d: %d sightings are stored, %d before; want %d to %d more", kill+1, total, stored, least, most)
		}
		t.Logf("kill %d: %d more of %d to %d", kill+1, total-stored, least, most)
		stored = total
	}
}

// mostUnsaved is what may be missing after a crash.
const mostUnsaved = 2 * time.Second

// killedExplorer runs an Explorer for some seconds and returns how many sightings the store must have of
// it, and how many it can have.
func killedExplorer(t *testing.T, url string) (least, most uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // for one that never counts
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), killedEnv+"="+url)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	type report struct {
		at time.Time
		n  uint64
	}
	var reports []report
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var word string
		var n uint64
		if _, err := fmt.Sscan(lines.Text(), &word, &n); word != "counted" || err != nil {
			t.Errorf("the Explorer: %s", lines.Text())
			continue
		}
		if n < 100 { // how long a start takes depends on the machine
			continue
		}
		if len(reports) == 0 {
			defer time.AfterFunc(mostUnsaved+500*time.Millisecond+rand.N(2*time.Second), func() { cmd.Process.Kill() }).Stop() //nolint:errcheck // or it has ended by itself
		}
		reports = append(reports, report{time.Now(), n})
	}
	cmd.Wait() //nolint:errcheck // it was killed
	if len(reports) == 0 {
		t.Fatal("the Explorer ended before it counted anything")
	}
	last := reports[len(reports)-1]
	var before uint64 // a second before the end
	for _, r := range reports {
		if last.at.Sub(r.at) >= mostUnsaved {
			least = r.n
		}
		if last.at.Sub(r.at) >= time.Second {
			before = r.n
		}
	}
	return least, last.n + (last.n - before) + 100 // what came between its last words and its end
}
