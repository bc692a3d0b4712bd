//go:build !unix

package api

import "net"

// privately opens a socket, which has the rights of its directory.
func privately(open func() (net.Listener, error)) (net.Listener, error) { return open() }
