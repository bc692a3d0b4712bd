package human

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheCauseIsWhatTheSystemSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nowhere")
	_, err := os.Open(path)
	cause := Cause(fmt.Errorf("export: %w", err))
	if !errors.Is(cause, fs.ErrNotExist) || strings.Contains(cause.Error(), path) {
		t.Errorf("%v", cause)
	}
	if own := errors.New("ours"); Cause(own) != own { //nolint:errorlint // the same error, not one that wraps it
		t.Error("an error of our own is another one")
	}
}
