// Package lookups is pane 4: the lookups, and the selected one converging: its plot, the nodes that it asked,
// the path to each, the peers that it found.
package lookups
