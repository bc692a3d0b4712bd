// Package exit says how a command ends: the exit codes, the error that carries one, and the signals that end a
// command, which prints what it has first. ui/cli, which turns the error of a command into the end of the process,
// and its commands use it.
package exit
