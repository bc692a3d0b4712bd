//go:build !unix || aix || solaris

package atomicfile

import "os"

// renamesOpen says whether a file can be renamed while it is open. Windows does not rename those.
const renamesOpen = false

func lock(*os.File) {}

// removeUnlocked leaves the file: without locks nobody can say whether it is still written.
func removeUnlocked(string) {}
