//go:build !race

package simnet

const (
	seeds  = 100 // of the tests that count how often something comes out
	shrunk = 1   // by how much planets are smaller

	foretoldNodes = 100_000 // of the planet whose sweep is foretold; the more, the better
	foretoldParts = 10      // its end is known to one of so many parts of its time
)
