//go:build !linux

package node

import "net"

// batch would read and write many datagrams with one system call, where there is one. Without it a
// socket takes a packet a call, through the same code as a batch of one.
type batch struct{}

func newBatch(*net.UDPConn, int) (*batch, error) { return nil, nil }

func (*batch) read([]Packet) (int, error)  { panic("unreachable: newBatch returns none") }
func (*batch) drops() uint64               { return 0 }
func (*batch) close()                      {}
func (*batch) write([]Packet) (int, error) { panic("unreachable: newBatch returns none") }
