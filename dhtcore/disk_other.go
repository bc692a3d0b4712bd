//go:build !linux && !darwin && !freebsd && !windows

package dhtcore

import "errors"

// diskSpace is not known on this system.
func diskSpace(string) (free, total uint64, err error) {
	return 0, 0, errors.New("not known on this system")
}
