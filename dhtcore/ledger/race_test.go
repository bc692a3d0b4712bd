//go:build race

package ledger

// Under the race detector the long tests take ten times as long, and count the same: they are shorter then. .ci/fast runs
// them whole.
const shrunk, halved = 5, 2
