//go:build unix

package terminal

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// NotifyResize tells c when the terminal has another size.
func NotifyResize(c chan<- os.Signal) { signal.Notify(c, unix.SIGWINCH) }

// CanStop says that a shell can stop a process and resume it.
const CanStop = true

// StopProcess stops our process group, as ctrl+z does, and returns when it is resumed.
func StopProcess() {
	resumed := make(chan os.Signal, 1)
	signal.Notify(resumed, unix.SIGCONT)
	defer signal.Stop(resumed)
	if unix.Kill(0, unix.SIGTSTP) == nil {
		<-resumed
	}
}
