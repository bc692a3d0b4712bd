package udp

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batch reads and writes many datagrams with one system call each way (recvmmsg, sendmmsg). golang.org/x/net's
// ReadBatch would allocate two objects for every packet.
type batch struct {
	raw     syscall.RawConn
	wait    func(fd uintptr) bool
	ready   [1]unix.PollFd
	closed  atomic.Bool
	v6      bool
	in, out half
	writing sync.Mutex // guards out; in belongs to the one goroutine that reads
}

// half is the memory for one direction, allocated once.
type half struct {
	headers []header
	vectors []unix.Iovec
	names   []unix.RawSockaddrInet6 // large enough for IPv4 as well
	call    func(fd uintptr) bool   // the system call on headers[first:first+want]
	first   int
	want    int
	done    int
	err     error
}

// header is struct mmsghdr.
type header struct {
	unix.Msghdr
	len uint32
}

// closeCheck is how often a waiting reader checks whether the socket was closed.
const closeCheck = 200 * time.Millisecond

func newBatch(sock *net.UDPConn, size int) (*batch, error) {
	raw, err := sock.SyscallConn()
	if err != nil {
		return nil, err
	}
	b := &batch{raw: raw, v6: sock.LocalAddr().(*net.UDPAddr).IP.To4() == nil}
	b.wait = b.await
	b.in.allocate(size, unix.SYS_RECVMMSG)
	b.out.allocate(size, unix.SYS_SENDMMSG)
	return b, nil
}

// await reads what is there, and waits in poll(2) while nothing is. The runtime's poller would need four or five
// system calls and a switch of goroutines for each batch.
func (b *batch) await(fd uintptr) bool {
	for !b.in.call(fd) && !b.closed.Load() {
		b.ready[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
		unix.Poll(b.ready[:], int(closeCheck/time.Millisecond)) //nolint:errcheck // the next read says what is wrong
	}
	return true
}

func (h *half) allocate(size int, trap uintptr) {
	h.headers = make([]header, size)
	h.vectors = make([]unix.Iovec, size)
	h.names = make([]unix.RawSockaddrInet6, size)
	for i := range h.headers {
		h.headers[i].Iov = &h.vectors[i]
		h.headers[i].SetIovlen(1)
		h.headers[i].Name = (*byte)(unsafe.Pointer(&h.names[i]))
	}
	h.call = func(fd uintptr) bool {
		n, _, errno := unix.Syscall6(trap, fd, uintptr(unsafe.Pointer(&h.headers[h.first])), uintptr(h.want),
			unix.MSG_DONTWAIT, 0, 0)
		h.done, h.err = int(n), nil
		if errno != 0 {
			h.done, h.err = 0, errno
		}
		return errno != unix.EAGAIN && errno != unix.EINTR // false: wait until the socket is ready and call again
	}
}

// point makes the i-th header use buf.
func (h *half) point(i int, buf []byte) {
	h.vectors[i].Base = unsafe.SliceData(buf)
	h.vectors[i].SetLen(len(buf))
}

func (b *batch) read(ps []Packet) (int, error) {
	h := &b.in
	h.want = min(len(ps), len(h.headers))
	for i := range ps[:h.want] {
		h.point(i, ps[i].Buf[:cap(ps[i].Buf)])
		h.headers[i].Namelen = unix.SizeofSockaddrInet6
	}
	if err := b.raw.Read(b.wait); err != nil {
		return 0, err
	}
	if b.closed.Load() {
		return 0, net.ErrClosed
	}
	if h.err != nil {
		return 0, os.NewSyscallError("recvmmsg", h.err)
	}
	for i := range ps[:h.done] {
		ps[i].Buf = ps[i].Buf[:h.headers[i].len]
		ps[i].Addr = address(&h.names[i])
	}
	return h.done, nil
}

func (b *batch) write(ps []Packet) (sent int, err error) {
	b.writing.Lock()
	defer b.writing.Unlock()
	h := &b.out
	for sent < len(ps) {
		count := min(len(ps)-sent, len(h.headers))
		for i, p := range ps[sent : sent+count] {
			h.point(i, p.Buf)
			h.headers[i].Namelen = b.name(&h.names[i], p.Addr)
		}
		for h.first = 0; h.first < count; h.first += h.done {
			h.want = count - h.first
			if err := b.raw.Write(h.call); err != nil {
				return sent, err
			}
			if h.err != nil {
				return sent, os.NewSyscallError("sendmmsg", h.err)
			}
			sent += h.done
		}
	}
	return sent, nil
}

// drops returns how many packets the kernel has dropped because the socket's buffer was full.
func (b *batch) drops() (n uint64) {
	var info [unix.SK_MEMINFO_VARS]uint32
	size := uint32(unsafe.Sizeof(info))
	b.raw.Control(func(fd uintptr) { //nolint:errcheck // a closed socket has dropped nothing that matters
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
			uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
		if errno == 0 {
			n = uint64(info[unix.SK_MEMINFO_DROPS])
		}
	})
	return n
}

// address reads a socket address of either family.
func address(name *unix.RawSockaddrInet6) netip.AddrPort {
	if name.Family == unix.AF_INET {
		v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
		return netip.AddrPortFrom(netip.AddrFrom4(v4.Addr), swap(v4.Port))
	}
	return netip.AddrPortFrom(netip.AddrFrom16(name.Addr).Unmap(), swap(name.Port))
}

// name writes a socket address of the socket's family and returns its length.
func (b *batch) name(name *unix.RawSockaddrInet6, addr netip.AddrPort) uint32 {
	if b.v6 {
		*name = unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: swap(addr.Port()), Addr: addr.Addr().As16()}
		return unix.SizeofSockaddrInet6
	}
	v4 := (*unix.RawSockaddrInet4)(unsafe.Pointer(name))
	*v4 = unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swap(addr.Port())}
	if ip := addr.Addr().Unmap(); ip.Is4() {
		v4.Addr = ip.As4()
	}
	return unix.SizeofSockaddrInet4
}

// swap converts a port between network and host order.
func swap(port uint16) uint16 {
	var b [2]byte
	*(*uint16)(unsafe.Pointer(&b)) = port
	return uint16(b[0])<<8 | uint16(b[1])
}

// size is how many packets a system call carries.
func (b *batch) size() int { return len(b.in.headers) }

func (b *batch) close() { b.closed.Store(true) }
