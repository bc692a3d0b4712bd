package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dhtop/ui/cli/console"
	"dhtop/ui/cli/exit"
)

func TestASignalEndsTheWaitForAPipeThatNobodyOpens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, signal := context.WithCancelCause(t.Context())
	signal(exit.ErrSignal)
	var out, errs bytes.Buffer
	args := "crawl --demo --demo-nodes 5 --for 5s -o " + path
	if code := run(ctx, strings.Fields(args), console.NewStreams(strings.NewReader(""), &out, &errs)); code != exit.Interrupted {
		t.Errorf("exit code %d, said %q", code, &errs)
	}
}

func TestASignalEndsTheWaitForATorrentFileThatIsAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.torrent")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"peers " + path, "announce --peer-port 1 " + path} {
		ctx, signal := context.WithCancelCause(t.Context())
		time.AfterFunc(50*time.Millisecond, func() { signal(exit.ErrSignal) })
		var out, errs bytes.Buffer
		started := time.Now()
		code := run(ctx, strings.Fields(args), console.NewStreams(strings.NewReader(""), &out, &errs))
		if code != exit.Interrupted || errs.Len() > 0 || time.Since(started) > time.Second {
			t.Errorf("%s: exit code %d after %s, said %q", args, code, time.Since(started), &errs)
		}
	}
}
