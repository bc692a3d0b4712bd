//go:build !linux

package sandbox

// Confine does nothing here, and says so.
func Confine(Files) State { return State{Why: "this system has no Landlock, as Linux has"} }
