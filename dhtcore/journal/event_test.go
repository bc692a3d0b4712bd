package journal

import (
	"testing"
)

func TestEveryKindHasANameOfItsOwn(t *testing.T) {
	seen := map[string]EventKind{}
	for k := Requested; k < kinds; k++ {
		if other, taken := seen[k.String()]; taken || k.String() == "" {
			t.Errorf("kind %d is called %q, as is kind %d", k, k, other)
		}
		seen[k.String()] = k
	}
	// The names that the contract promises and this version has.
	for _, name := range []string{"requested", "announced", "sampled", "found", "node_joined", "node_left",
		"lookup_started", "lookup_step", "lookup_done", "crawl_step", "warning"} {
		if _, ok := seen[name]; !ok {
			t.Errorf("no kind is called %s", name)
		}
	}
}
