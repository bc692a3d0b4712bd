package cli

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestASignalEndsTheWaitForAPipeThatNobodyOpens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, signal := context.WithCancelCause(t.Context())
	signal(errSignal)
	var out, errs bytes.Buffer
	args := "crawl --demo --demo-nodes 5 --for 5s -o " + path
	if code := run(ctx, strings.Fields(args), streams{strings.NewReader(""), &out, &errs}); code != exitInterrupted {
		t.Errorf("exit code %d, said %q", code, &errs)
	}
}
