// Package sandbox takes from the process the right to open files, but for some: with Landlock, on Linux. Whatever a
// stranger's packet might make of a mistake in dhtop, it reads no key of the user and writes no program.
//
// ui/cli calls Confine once, when a command that runs for long has opened what it needs. There is no way back. What is open
// stays open, and the network is not touched.
package sandbox

// Files are the files and the directories, with all below, that stay within reach. What does not exist is passed over.
type Files struct {
	Read  []string
	Write []string // read, write, create, rename and remove

	Remove []string // directories, to remove files from: sockets
}

// State is whether the process is confined.
type State struct {
	On  bool
	Why string // why not, or by what, in a few words
}
