// Package hashes is pane 2: the info_hashes by rank, and the detail of the selected one.
package hashes
