//go:build unix

package api

import (
	"net"
	"syscall"
)

// privately opens a socket that nobody else can use at any moment. The mask is that of the process: nothing else runs
// yet when a Server is made.
func privately(open func() (net.Listener, error)) (net.Listener, error) {
	before := syscall.Umask(0o177)
	defer syscall.Umask(before)
	return open()
}
