// Package tracker is pane 7: this node's own tracker. Beside or below what it does stand its swarms, in the order that
// was asked for.
package tracker
