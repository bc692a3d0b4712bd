package ui

import (
	"errors"
	"os"
)

func startWatcher([]string, *os.File) (func(), error) { return nil, errors.ErrUnsupported }
