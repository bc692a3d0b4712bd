//go:build race

package simnet

// Under the race detector the tests take seven times as long, and count the same: there are fewer and smaller planets
// then. .ci/run runs this package without it as well.
const (
	seeds  = 20
	shrunk = 4

	foretoldNodes = 50_000
	foretoldParts = 3
)
