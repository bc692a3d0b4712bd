// Package needs lets a test say what it needs beyond Go: programs, PostgreSQL, rights. Only tests import it.
//
// A test whose need is missing is skipped and says which; with DHTOP_REQUIRE=1 it fails. .ci/run installs
// everything, sets the variable and counts the skips, so there every test runs.
package needs

import (
	"os"
	"os/exec"
	"testing"
)

// That skips the test if ok is false, or fails it where DHTOP_REQUIRE is set. what names the need, best
// as the Debian package that meets it.
func That(t testing.TB, ok bool, what string) {
	t.Helper()
	switch {
	case ok:
	case os.Getenv("DHTOP_REQUIRE") != "":
		t.Fatalf("%s is missing, and DHTOP_REQUIRE is set", what)
	default:
		t.Skipf("%s is missing; .ci/run installs it", what)
	}
}

// NoError is That for an attempt to have something: err says why it failed.
func NoError(t testing.TB, err error, what string) {
	t.Helper()
	if err != nil {
		what += " (" + err.Error() + ")"
	}
	That(t, err == nil, what)
}

// Program returns the path of a program that a Debian package installs.
func Program(t testing.TB, name, debian string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	That(t, err == nil, debian)
	return path
}

// Libtorrent returns the path of the Python that can import libtorrent: Debian's own.
func Libtorrent(t testing.TB) (python string) {
	t.Helper()
	python = "/usr/bin/python3"
	That(t, exec.Command(python, "-c", "import libtorrent").Run() == nil, "python3-libtorrent")
	return python
}
