package files

import "golang.org/x/sys/windows"

// Space returns the bytes of the file system of a directory that we may still use, and all of them.
func Space(dir string) (free, total uint64, err error) {
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, err
	}
	err = windows.GetDiskFreeSpaceEx(path, &free, &total, nil)
	return free, total, err
}
