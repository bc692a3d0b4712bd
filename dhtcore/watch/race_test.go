//go:build race

package watch

// Under the race detector the histories take ten times as long.
const histories = 30
