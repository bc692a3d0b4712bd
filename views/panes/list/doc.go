// Package list draws the lists of the panes: the rows around the selection, the header with the mark of the
// order, and how much of an ID a row has room for. It is where a canvas.Area and a screen.State meet.
package list
