package admission

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

func TestTheTrackerServesWhatItsListsAllowAndReadsThemAgain(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	allow, deny := filepath.Join(dir, "allow"), filepath.Join(dir, "deny.txt")
	one, two, three := wire.ID{1}, wire.ID{2}, wire.ID{3}
	write := func(path string, lines ...any) {
		t.Helper()
		if err := os.WriteFile(path, []byte(fmt.Sprintln(lines...)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(allow, "# ours\n\n", one, "\nmagnet:?xt=urn:btih:"+two.String(), "# the second")
	write(deny, two)
	var policy *tracker.Policy
	l := Lists{allow: allow, deny: deny, Set: func(p *tracker.Policy) { policy = p }}
	admitted := func() (list [3]bool) {
		t.Helper()
		if err := l.load(ctx); err != nil {
			t.Fatal(err)
		}
		for i, hash := range [3]wire.ID{one, two, three} {
			list[i] = policy.Admits(hash)
		}
		return list
	}
	if got := admitted(); got != [3]bool{true, false, false} {
		t.Errorf("%v", got)
	}
	write(allow, one, "\n", two, "\n", three)
	if got := admitted(); got != [3]bool{true, false, true} {
		t.Errorf("after a change: %v", got)
	}
	write(allow, "rubbish and more of it")
	if err := l.load(ctx); err == nil || !strings.Contains(err.Error(), "--tracker-allow: "+allow+", line 1") {
		t.Errorf("%v", err)
	}
	if !policy.Admits(three) {
		t.Error("the last list is not in force")
	}
	l.allow = dir // without .torrent files
	if got := admitted(); got != [3]bool{} {
		t.Errorf("of an empty directory: %v", got)
	}
	l.allow, l.deny = "", deny
	if got := admitted(); got != [3]bool{true, false, true} {
		t.Errorf("only denied: %v", got)
	}
}
