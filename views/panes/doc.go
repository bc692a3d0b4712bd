// Package panes has the panes of one file each: the overview, the tracker, the help, the doctor, the
// status bar and the hints. Larger ones are packages below it.
//
// A pane is a function (canvas.Area, *dhtcore.Snapshot, *screen.State): it draws what the Snapshot has as the
// State says, and changes neither. It reads no clock (Snapshot.At is now) and keeps nothing.
package panes
