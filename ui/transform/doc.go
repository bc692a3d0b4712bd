// Package transform turns the Snapshots of a core into those that a screen shows: counts since a reset, a ranking
// whose order does not jump, the rows that pass the filters; and it marks the rows that have just moved. Package ui
// has a Pipeline and Highlights for each node that it shows, and calls them on its one goroutine.
package transform
