package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
)

// childEnv makes the test program a writer of the store that it names.
const childEnv = "DHTOP_STORE_CHILD"

// child saves rows to the store forever, and prints the sum of each batch before and after it.
func child() {
	s, err := Open(context.Background(), Config{URL: "sqlite:" + os.Getenv(childEnv)})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), 0))
	for i := 0; ; i++ {
		rows := make([]ledger.HashRow, 1+random.IntN(3000))
		for j := range rows {
			rows[j] = ledger.HashRow{InfoHash: key(random.IntN(100_000)), Requests: 1, FirstSeen: at(int64(i)), LastSeen: at(int64(i))}
		}
		fmt.Println("saves", len(rows))
		if err := s.Save(context.Background(), Batch{Hashes: rows, State: map[string][]byte{"cursor": {byte(i)}}}); err != nil {
			fmt.Println("error", err)
			return
		}
		fmt.Println("saved", len(rows))
	}
}

// TestAKilledWriterLosesAtMostTheBatchThatItWasSaving kills a writer again and again: DHTOP_KILLS
// times, 5 by default.
func TestAKilledWriterLosesAtMostTheBatchThatItWasSaving(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second")
	}
	kills, err := strconv.Atoi(os.Getenv("DHTOP_KILLS"))
	if err != nil {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "dhtop.sqlite")
	var saved uint64
	for kill := range kills {
		sure, saving := killedWriter(t, path)
		s := open(t, path)
		var verdict string
		if err := s.pools.Load().write.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
			t.Fatalf("after kill %d: integrity_check says %q, %v", kill+1, verdict, err)
		}
		var total uint64
		for r, err := range Rows(t.Context(), s, 0) {
			if err != nil {
				t.Fatal(err)
			}
			total += r.Requests
		}
		if least := saved + sure; total != least && total != least+saving {
			t.Fatalf("after kill %d: %d requests; want %d, or %d with the batch that was being saved", kill+1, total, least, least+saving)
		}
		saved = total
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d requests", kills, saved)
}

// killedWriter runs a writer for a moment and returns how many rows it had saved, and was saving, when it was killed.
func killedWriter(t *testing.T, path string) (saved, saving uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var word string
		var n uint64
		switch fmt.Sscan(lines.Text(), &word, &n); word { //nolint:errcheck // another word is an error below
		case "saves":
			saving = n
		case "saved":
			if saved == 0 { // how long a start takes depends on the machine
				defer time.AfterFunc(rand.N(200*time.Millisecond), func() { cmd.Process.Kill() }).Stop() //nolint:errcheck // or it has ended by itself
			}
			saved, saving = saved+n, 0
		default:
			t.Errorf("the writer: %s", lines.Text())
		}
	}
	cmd.Wait() //nolint:errcheck // it was killed
	if saved == 0 {
		t.Fatal("the writer ended before it saved anything")
	}
	return saved, saving
}
