package cli

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"dhtop/dhtcore"
	"dhtop/ui/cli/exit"
)

// BenchmarkExport is the command that writes all of a store of 100,000 hashes, or of as many as
// DHTOP_HASHES says, as CSV; "MB" is by how much the memory in use grew at most.
func BenchmarkExport(b *testing.B) {
	n := 100_000
	if many, err := strconv.Atoi(os.Getenv("DHTOP_HASHES")); err == nil {
		n = many
	}
	path := filepath.Join(b.TempDir(), "x.sqlite")
	if _, err := dhtcore.Import(b.Context(), dhtcore.Config{Store: "sqlite:" + path}, func(func(dhtcore.StorePart, error) bool) {}); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.ExecContext(b.Context(), fmt.Sprintf(`WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < %d)
		INSERT INTO hashes (info_hash, requests, sources, first_seen, last_seen)
		SELECT unhex(printf('%%010x', n * 104729)) || randomblob(15), n %% 5000, 1, 1700000000000 + n, 1700000009000 + n FROM i`, n-1)); err != nil {
		b.Fatal(err)
	}
	db.Close()
	before := inUse()
	home := b.TempDir()
	b.Setenv("XDG_STATE_HOME", home)
	b.Setenv("XDG_CONFIG_HOME", home)
	var out exported
	for b.Loop() {
		out.n = 0
		var said strings.Builder
		if code := Main([]string{"export", "--store", "sqlite:" + path, "--limit", "0", "--format", "csv"}, strings.NewReader(""), &out, &said); code != exit.Done {
			b.Fatalf("exit code %d: %s", code, &said)
		}
	}
	if out.n != n+1 {
		b.Fatalf("%d lines; want %d and a header", out.n, n)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(out.most-min(out.most, before))/1e6, "MB")
}

// exported counts the lines that are written, and looks at the memory in use every now and then.
type exported struct {
	n    int
	most uint64
}

func (l *exported) Write(b []byte) (int, error) {
	const every = 50_000
	before := l.n / every
	if l.n += bytes.Count(b, []byte("\n")); l.n/every > before {
		l.most = max(l.most, inUse())
	}
	return len(b), nil
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys - m.HeapReleased
}
