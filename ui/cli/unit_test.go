package cli_test

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"dhtop/dhtcore/needs"
)

// mostExposed is the score of systemd-analyze that the unit may have at most.
const mostExposed = 2.0

func TestTheServiceIsHardened(t *testing.T) {
	analyze := needs.Program(t, "systemd-analyze", "systemd")
	out, err := exec.Command(analyze, "security", "--offline=yes", "../../.github/dhtop.service").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found := regexp.MustCompile(`Overall exposure level for dhtop.service: ([0-9.]+)`).FindSubmatch(out)
	if found == nil {
		t.Fatalf("systemd-analyze says no level:\n%s", out)
	}
	if level, err := strconv.ParseFloat(string(found[1]), 64); err != nil || level > mostExposed {
		t.Errorf("the exposure is %s, at most %.1f is allowed:\n%s", found[1], mostExposed, out)
	}
}
