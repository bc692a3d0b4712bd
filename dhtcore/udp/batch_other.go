//go:build !linux

package udp

import "net"

// batch reads and writes many datagrams with one system call, which this system does not have: here each call
// carries one packet, through the same code as a batch of one.
type batch struct{}

func newBatch(*net.UDPConn, int) (*batch, error) { return nil, nil }

func (*batch) read([]Packet) (int, error)  { panic("unreachable: newBatch returns none") }
func (*batch) drops() uint64               { return 0 }
func (*batch) size() int                   { return 1 }
func (*batch) close()                      {}
func (*batch) write([]Packet) (int, error) { panic("unreachable: newBatch returns none") }
