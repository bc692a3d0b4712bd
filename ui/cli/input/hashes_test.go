package input

import (
	"context"
	"errors"
	"io"
	"testing"

	"dhtop/ui/cli/exit"
)

func TestAnInterruptEndsTheWaitForStandardInput(t *testing.T) {
	in, typing := io.Pipe()
	defer typing.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hashes, err := ReadHashes(ctx, []string{"-"}, in, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := hashes.Wait(ctx, func(Wanted) {}); !errors.Is(err, error(exit.ErrInterrupted)) {
		t.Errorf("got %v", err)
	}
}
