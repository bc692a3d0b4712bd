//go:build unix

package terminal

import (
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// StartWatcher starts watcher, a command that calls WatchForCrash with its stdin and stdout, and connects our
// stderr to it. leave restores stderr and ends the watcher.
func StartWatcher(watcher []string, terminal *os.File) (leave func(), err error) {
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close() //nolint:errcheck // the watcher has its own
	shrinkPipe(ours)
	cmd := exec.Command(watcher[0], watcher[1:]...)
	cmd.Stdin, cmd.Stdout = theirs, terminal
	if err := cmd.Start(); err != nil {
		ours.Close() //nolint:errcheck // nothing was written
		return nil, err
	}
	saved, err := unix.FcntlInt(2, unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(int(ours.Fd()), 2)
	}
	return func() {
		ours.WriteString(goodbye) //nolint:errcheck // it ends all the same
		if saved >= 0 {
			unix.Dup2(saved, 2) //nolint:errcheck // it was there before
			unix.Close(saved)   //nolint:errcheck // ours
		}
		ours.Close() //nolint:errcheck // as above
		cmd.Wait()   //nolint:errcheck // nothing depends on it any more
	}, err
}
