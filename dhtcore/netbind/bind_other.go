//go:build !linux && !darwin && !windows

package netbind

import (
	"errors"
	"net"
)

const supported = false

func bind(uintptr, *net.Interface, bool) error { return errors.ErrUnsupported }
