//go:build linux && cgo

package sandbox

import (
	"os"
	"strconv"
)

// unfit returns why the threads of this process cannot be confined, or nothing. Where there is cgo, libpsx finds them in /proc.
// Without it libpsx kills the process, and with the one of another PID namespace it waits forever.
func unfit() string {
	self, err := os.Readlink("/proc/self")
	switch {
	case err != nil:
		return "there is no /proc: mount it"
	case self != strconv.Itoa(os.Getpid()):
		return "/proc belongs to another PID namespace: mount it anew"
	}
	return ""
}
