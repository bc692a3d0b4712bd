//go:build unix

package node_test

import (
	"syscall"
	"time"
)

// cpuTime returns the CPU time that this process has used.
func cpuTime() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r) //nolint:errcheck // cannot fail for ourselves
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
