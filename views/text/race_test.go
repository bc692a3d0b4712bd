//go:build race

package text

// everyRune of them is measured. Under the race detector all take a quarter of a minute; .ci/fast measures all.
const everyRune = 11
