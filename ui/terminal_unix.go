//go:build unix

package ui

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// notifyResize tells c when the terminal has another size.
func notifyResize(c chan<- os.Signal) { signal.Notify(c, unix.SIGWINCH) }

// canStop says that a shell can stop a process and resume it.
const canStop = true

// stopProcess stops our process group, as ctrl+z does, and returns when it is resumed.
func stopProcess() {
	resumed := make(chan os.Signal, 1)
	signal.Notify(resumed, unix.SIGCONT)
	defer signal.Stop(resumed)
	if unix.Kill(0, unix.SIGTSTP) == nil {
		<-resumed
	}
}
