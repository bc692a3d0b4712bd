//go:build unix

package ui

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// notifyResize tells c when the terminal has another size.
func notifyResize(c chan<- os.Signal) { signal.Notify(c, unix.SIGWINCH) }
