package terminal

import (
	"errors"
	"os"
)

func StartWatcher([]string, *os.File) (func(), error) { return nil, errors.ErrUnsupported }
