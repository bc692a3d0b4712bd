package ui

import (
	"os"

	"golang.org/x/sys/unix"
)

// pipeRoom is the least that a pipe can hold, and less than a stack: a process that dies does not end, and
// the shell does not write its prompt, before the watcher has begun to read.
const pipeRoom = 4096

func narrow(pipe *os.File) {
	unix.FcntlInt(pipe.Fd(), unix.F_SETPIPE_SZ, pipeRoom) //nolint:errcheck // it only makes the order sure
}
