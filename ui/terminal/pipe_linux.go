package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// minPipe is the least size of a pipe, in bytes, and less than a stack trace: so a dying process does not end,
// and its shell prints no prompt, before the watcher reads.
const minPipe = 4096

// shrinkPipe gives pipe its least size.
func shrinkPipe(pipe *os.File) {
	unix.FcntlInt(pipe.Fd(), unix.F_SETPIPE_SZ, minPipe) //nolint:errcheck // it only makes the order sure
}
