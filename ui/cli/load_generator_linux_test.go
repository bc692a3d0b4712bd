package cli_test

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net/netip"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"dhtop/dhtcore/wire"
)

// What the generator sends.
const (
	loadSources = 64   // sockets, each at an address of its own
	loadHashes  = 4096 // asked for with Zipf's distribution
	loadBatch   = 64   // packets a system call, at most
	loadPacket  = 2048 // bytes
)

// generator sends queries at a rate that does not depend on the answers: an open loop. It is one thread that sends what is due
// and reads what has come, so that its core has nothing else to do.
type generator struct {
	to      unix.RawSockaddrInet4
	sources []*loadSource
	ready   int // epoll
	events  [loadSources]unix.EpollEvent
	rand    *rand.Rand
	zipf    *rand.Zipf

	began   time.Time
	rate    float64 // queries/s; 0 while nothing is measured
	number  byte    // of the run, in the transaction IDs, so that an answer to an earlier one is no answer
	sent    uint32
	late    []time.Duration // of each query that was sent, after it was due
	latency []time.Duration // of each answer, after its query was due
	errors  int             // KRPC errors in place of answers
	nodes   int             // in the last answer that had some
}

// loadSource is one socket, with a node ID and a token of the node that is asked.
type loadSource struct {
	fd      int
	id      wire.ID
	token   []byte
	in, out loadBuffers
}

// loadBuffers are those of recvmmsg or sendmmsg.
type loadBuffers struct {
	headers [loadBatch]struct {
		unix.Msghdr
		n uint32
		_ uint32
	}
	vectors [loadBatch]unix.Iovec
	names   [loadBatch]unix.RawSockaddrInet4
	bytes   [loadBatch][loadPacket]byte
}

func newGenerator(to netip.AddrPort) (*generator, error) {
	g := &generator{to: loadAddr(to), rand: rand.New(rand.NewPCG(1, 2))}
	g.zipf = rand.NewZipf(g.rand, 1.1, 4, loadHashes-1)
	var err error
	if g.ready, err = unix.EpollCreate1(0); err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	for i := range loadSources {
		s := &loadSource{id: wire.RandomID()}
		g.sources = append(g.sources, s)
		if s.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
			return nil, os.NewSyscallError("socket", err)
		}
		err = errors.Join(unix.Bind(s.fd, &unix.SockaddrInet4{Addr: [4]byte{127, 1, 0, byte(i + 1)}}),
			unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 1<<20),
			unix.EpollCtl(g.ready, unix.EPOLL_CTL_ADD, s.fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)}))
		if err != nil {
			return nil, err
		}
		s.in.point()
		s.out.point()
	}
	return g, nil
}

func (g *generator) close() {
	for _, s := range g.sources {
		unix.Close(s.fd)
	}
	unix.Close(g.ready)
}

func (b *loadBuffers) point() {
	for i := range b.headers {
		b.vectors[i].Base = &b.bytes[i][0]
		b.vectors[i].SetLen(loadPacket)
		h := &b.headers[i]
		h.Iov, h.Name, h.Namelen = &b.vectors[i], (*byte)(unsafe.Pointer(&b.names[i])), unix.SizeofSockaddrInet4
		h.SetIovlen(1)
	}
}

func loadAddr(a netip.AddrPort) unix.RawSockaddrInet4 {
	name := unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: a.Addr().As4()}
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&name.Port))[:], a.Port())
	return name
}

// due is when the query of a number is to be sent.
func (g *generator) due(number uint32) time.Duration {
	return time.Duration(float64(number) / g.rate * float64(time.Second))
}

// run offers queries at a rate for a time, and then waits for the answers that are under way.
func (g *generator) run(rate float64, d time.Duration) {
	total := uint32(rate * d.Seconds())
	g.rate, g.sent, g.errors = rate, 0, 0
	g.number++
	g.late, g.latency = make([]time.Duration, 0, total), make([]time.Duration, 0, total)
	g.began = time.Now()
	for turn := 0; ; turn++ {
		now := time.Since(g.began)
		if now >= d {
			break
		}
		if pending := min(uint32(now.Seconds()*rate)+1, total) - g.sent; pending > 0 {
			g.send(g.sources[turn%loadSources], int(min(pending, loadBatch)))
		}
		g.receive()
	}
	for end := time.Now().Add(300 * time.Millisecond); time.Now().Before(end); {
		g.receive()
	}
	g.rate = 0
}

// send sends the next count queries from a socket.
func (g *generator) send(s *loadSource, count int) {
	b := &s.out
	for i := range count {
		var tid [4]byte
		binary.BigEndian.PutUint32(tid[:], uint32(g.number)<<24|g.sent+uint32(i))
		packet := g.query(b.bytes[i][:0], s, tid[:])
		b.vectors[i].SetLen(len(packet))
		b.names[i] = g.to
	}
	n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&b.headers[0])), uintptr(count), 0, 0, 0)
	if errno != 0 {
		return // what was not sent is due still
	}
	now := time.Since(g.began)
	for range n {
		g.late = append(g.late, now-g.due(g.sent))
		g.sent++
	}
}

// query appends the next query of the mix: 10 % ping, 30 % find_node, 48 % get_peers, 10 % announce_peer, 2 % sample_infohashes.
func (g *generator) query(dst []byte, s *loadSource, tid []byte) []byte {
	hash := g.zipf.Uint64()
	q := wire.Query{Method: wire.GetPeers, Target: wire.ID{0: byte(hash), 1: byte(hash >> 8), 19: 1}}
	switch n := g.rand.IntN(100); {
	case n < 10:
		q.Method = wire.Ping
	case n < 40:
		q.Method = wire.FindNode
	case n < 42:
		q.Method = wire.SampleInfohashes
	case n < 52 && s.token != nil:
		q.Method, q.Port, q.Token = wire.AnnouncePeer, 6881, s.token
	}
	return wire.AppendQuery(dst, s.id, tid, false, &q)
}

// receive reads what has come.
func (g *generator) receive() {
	n, err := unix.EpollWait(g.ready, g.events[:], 0)
	if err != nil {
		return // interrupted
	}
	for _, e := range g.events[:n] {
		s := g.sources[e.Fd]
		b := &s.in
		got, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&b.headers[0])), loadBatch, unix.MSG_DONTWAIT, 0, 0)
		if errno != 0 {
			continue
		}
		now := time.Since(g.began)
		for i := range got {
			g.packet(s, b.bytes[i][:b.headers[i].n], now)
		}
	}
}

// packet takes in an answer, and answers the pings of the node that is asked.
func (g *generator) packet(s *loadSource, p []byte, now time.Duration) {
	var m wire.Message
	if wire.Scan(p, &m) != nil {
		return
	}
	switch {
	case m.Kind == wire.KindQuery:
		reply := wire.AppendReply(nil, s.id, m.TID, netip.AddrPort{}, &wire.Answer{})
		unix.Sendto(s.fd, reply, 0, &unix.SockaddrInet4{Addr: g.to.Addr, Port: int(binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&g.to.Port))[:]))}) //nolint:errcheck // it asks again
	case m.Kind == wire.KindError:
		g.errors++
	case g.rate == 0: // before the measurement
		if len(m.Token) > 0 {
			s.token = append([]byte(nil), m.Token...)
		}
		g.nodes = max(g.nodes, len(m.Nodes)/wire.IPv4.ContactLen())
	case len(m.TID) == 4 && m.TID[0] == g.number:
		g.latency = append(g.latency, now-g.due(binary.BigEndian.Uint32(m.TID)&(1<<24-1)))
	}
}
