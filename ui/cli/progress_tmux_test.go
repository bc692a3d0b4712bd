package cli_test

import (
	"regexp"
	"strings"
	"testing"
)

func TestTheProgressLineOfALookupLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	hash := randomHash()
	s := onScreen(t, 30, 24, program(t)+" peers --demo --demo-nodes 50 --warm 1s "+hash+"; echo ended $?")
	s.awaitMatch(`(?m)^(joining|serving|offline)  \d+ nodes  in`) // cut, as it is wider than the screen
	after := s.await("the end", func(text string) bool { return strings.Contains(text, "ended 1") })
	if left := regexp.MustCompile(`(?m)^(joining|serving|offline).*`).FindString(after); left != "" {
		t.Errorf("%q was left on the screen:\n%s", left, after)
	}
	if text := strings.ReplaceAll(after, "\n", ""); !strings.Contains(text, "# "+hash+": 0 peers") || !strings.Contains(text, "dhtop: no peers found") {
		t.Errorf("the result is not on the screen:\n%s", after)
	}
}
