//go:build linux || darwin || freebsd

package files

import "syscall"

// Space returns the bytes of the file system of a directory that we may still use, and all of them.
func Space(dir string) (free, total uint64, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, 0, err
	}
	size := uint64(s.Bsize)
	return uint64(max(int64(s.Bavail), 0)) * size, s.Blocks * size, nil
}
