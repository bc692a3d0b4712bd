package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ErrNotRegular is returned for a directory, a pipe or a device: reading one may never end.
var ErrNotRegular = errors.New("not a regular file")

// Read reads the file at path, which may be a symbolic link to a regular file of at most limit bytes.
func Read(path string, limit int64) (content []byte, info fs.FileInfo, err error) {
	info, err = os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, err
	case !info.Mode().IsRegular():
		return nil, info, ErrNotRegular
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, info, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	// The size is not enough: some files say 0, and others grow.
	if content, err = io.ReadAll(io.LimitReader(f, limit+1)); int64(len(content)) > limit {
		return nil, info, fmt.Errorf("%d bytes are too many", max(info.Size(), limit+1))
	}
	return content, info, err
}
