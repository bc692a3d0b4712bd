package dhtcore

import (
	"testing"
)

func TestAFileThatIsNoDatabaseKeepsTheExplorerFromOpening(t *testing.T) {
	cfg := offline("")
	cfg.MMDB = []string{"places_test.go"}
	if e, err := Open(cfg); err == nil {
		e.Close()
		t.Error("it opened")
	}
}
