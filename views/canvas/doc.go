// Package canvas is what the panes draw with: a grid of cells, rectangles of it, columns, graphs, sheets of
// facts, the viewport of a detail that scrolls, and the hit test of the mouse.
//
// A pane gets an Area and draws into it; what lies outside is cut, so that no pane can tear the frame at any
// size. Text becomes cells in one place, Area.Put: there it is sanitised, and addresses and our own IDs are
// masked. The package knows no Snapshot and no State: it is told what to draw, and how many rows there are.
package canvas
