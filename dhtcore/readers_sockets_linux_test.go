package dhtcore

import (
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/node"
)

// gate is a socket whose packets wait at a gate.
type gate struct {
	node.Conn
	open *atomic.Pointer[chan struct{}]
	got  atomic.Int64
}

func (g *gate) ReadBatch(ps []node.Packet) (int, error) {
	n, err := g.Conn.ReadBatch(ps)
	g.got.Add(int64(n))
	<-*g.open.Load()
	return n, err
}

// BenchmarkReaderSockets is what readers answer, the system's work included: one, two of a port that they share, and two of two
// nodes that share nothing, which is what the machine lets two cores do. The sockets are filled while nobody reads, as the core
// that sends would be missing: then only the emptying is timed, in which all cores read and answer.
func BenchmarkReaderSockets(b *testing.B) {
	for _, c := range []struct {
		name           string
		nodes, readers int // readers of each
	}{{"one", 1, 1}, {"two", 1, 2}, {"apart", 2, 1}} {
		b.Run(c.name, func(b *testing.B) {
			var open atomic.Pointer[chan struct{}]
			through := make(chan struct{})
			close(through)
			open.Store(&through)
			var full []*filled
			for range c.nodes {
				full = append(full, newFilled(b, c.readers, &open))
			}
			var took time.Duration
			answers := uint64(0)
			for b.Loop() {
				closed := make(chan struct{})
				open.Store(&closed)
				for _, f := range full {
					f.fill(b)
				}
				began := time.Now()
				close(closed)
				for _, f := range full {
					answers += f.empty(b)
				}
				took += time.Since(began)
				open.Store(&through)
			}
			b.ReportMetric(0, "ns/op") // fills the sockets, too
			b.ReportMetric(float64(answers)/took.Seconds(), "answers/s")
		})
	}
}

// Of each reader, the sockets that ask it, and the packets that each of them sends at a time.
const (
	fillingAskers  = 64
	fillingPackets = 256
)

// filled is a node whose sockets are filled and then emptied.
type filled struct {
	node    *node.Node
	addr    netip.AddrPort
	askers  []asker
	queries *feed
	before  uint64 // packets that it had sent
}

// newFilled returns a node with readers that share its port, whose sockets have room for all that they are filled with.
func newFilled(b *testing.B, readers int, open *atomic.Pointer[chan struct{}]) *filled {
	b.Helper()
	first, err := node.Listen(addrPort("127.0.0.1:0"), batchSize)
	needs.NoError(b, err, "a socket on loopback")
	all := node.Share(first, readers)
	needs.That(b, len(all) == readers, "sockets that share a port")
	gates := make([]*gate, readers)
	for i, conn := range all {
		gates[i] = &gate{Conn: conn, open: open}
		raw, err := conn.(interface {
			SyscallConn() (syscall.RawConn, error)
		}).SyscallConn()
		if err != nil {
			b.Fatal(err)
		}
		raw.Control(func(fd uintptr) { //nolint:errcheck // it is open
			err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 64<<20)
		})
		needs.NoError(b, err, "CAP_NET_ADMIN, for a large buffer")
	}
	_, n := hotNodeOn(b, conns(gates))
	return &filled{node: n, addr: first.LocalAddr(), askers: dealtAskers(b, first.LocalAddr(), gates, fillingAskers), queries: crowded(1)}
}

// fill sends the node what it is to answer.
func (f *filled) fill(b *testing.B) {
	b.Helper()
	for _, s := range f.askers {
		for range fillingPackets {
			if err := s.send(f.queries.packets[f.queries.next%len(f.queries.packets)], f.addr); err != nil {
				b.Fatal(err)
			}
			f.queries.next++
		}
	}
	f.before = f.node.Stats().PacketsOut
}

// empty waits until the node has answered all, and returns how much that was. It looks seldom, as it needs one of the cores.
func (f *filled) empty(b *testing.B) uint64 {
	b.Helper()
	all := uint64(len(f.askers) * fillingPackets)
	for began := time.Now(); f.node.Stats().PacketsOut < f.before+all; time.Sleep(time.Millisecond) {
		if time.Since(began) > 30*time.Second {
			s := f.node.Stats()
			b.Fatalf("%d answers are missing, %d packets were dropped", f.before+all-s.PacketsOut, s.KernelDrops)
		}
	}
	return all
}

// asker is a socket that sends and is never read. It is not one of Go's, whose poller would be woken by every answer, on the cores of
// those who are measured.
type asker int

func newAsker(b *testing.B) asker {
	b.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	needs.NoError(b, err, "a socket")
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		b.Fatal(err)
	}
	return asker(fd)
}

func (a asker) send(packet []byte, to netip.AddrPort) error {
	return unix.Sendto(int(a), packet, 0, &unix.SockaddrInet4{Addr: to.Addr().As4(), Port: int(to.Port())})
}

func (a asker) close() { unix.Close(int(a)) }

// dealtAskers opens sockets until the packets of count of them arrive at each gate.
func dealtAskers(b *testing.B, to netip.AddrPort, gates []*gate, count int) (askers []asker) {
	b.Helper()
	dealt := make([]int, len(gates))
	for len(askers) < count*len(gates) {
		a := newAsker(b)
		before := make([]int64, len(gates))
		for i, g := range gates {
			before[i] = g.got.Load()
		}
		if err := a.send([]byte("?"), to); err != nil {
			b.Fatal(err)
		}
		at := -1
		for at < 0 {
			for i, g := range gates {
				if g.got.Load() > before[i] {
					at = i
				}
			}
			time.Sleep(10 * time.Microsecond)
		}
		if dealt[at]++; dealt[at] > count {
			a.close()
			continue
		}
		askers = append(askers, a)
		b.Cleanup(a.close)
	}
	return askers
}
