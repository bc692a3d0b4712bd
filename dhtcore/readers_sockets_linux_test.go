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

// BenchmarkReaderSockets is what readers of one port answer, the system's work included. The sockets are filled while nobody reads, as
// the core that sends would be missing: then only the emptying is timed, in which all cores read and answer.
func BenchmarkReaderSockets(b *testing.B) {
	const sources, each = 64, 64 // of each reader; packets of each
	for _, c := range []struct {
		name    string
		readers int
	}{{"one", 1}, {"two", 2}} {
		b.Run(c.name, func(b *testing.B) {
			first, err := node.Listen(addrPort("127.0.0.1:0"), batchSize)
			needs.NoError(b, err, "a socket on loopback")
			all := node.Share(first, c.readers)
			needs.That(b, len(all) == c.readers, "sockets that share a port")
			var open atomic.Pointer[chan struct{}]
			through := make(chan struct{})
			close(through)
			open.Store(&through)
			gates := make([]*gate, c.readers)
			for i, conn := range all {
				gates[i] = &gate{Conn: conn, open: &open}
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
			senders := dealtSenders(b, first.LocalAddr(), gates, sources)
			f := crowded(1)
			packets := make([]node.Packet, each)
			var took time.Duration
			answers := uint64(0)
			for b.Loop() {
				closed := make(chan struct{})
				open.Store(&closed)
				for _, s := range senders {
					for i := range packets {
						packets[i] = node.Packet{Buf: f.packets[f.next%len(f.packets)], Addr: first.LocalAddr()}
						f.next++
					}
					if _, err := s.WriteBatch(packets); err != nil {
						b.Fatal(err)
					}
				}
				before := n.Stats().PacketsOut
				began := time.Now()
				close(closed)
				for want := before + uint64(len(packets)*len(senders)); n.Stats().PacketsOut < want; {
					if time.Since(began) > 30*time.Second {
						b.Fatalf("%d answers are missing, %d packets were dropped", want-n.Stats().PacketsOut, n.Stats().KernelDrops)
					}
					time.Sleep(50 * time.Microsecond)
				}
				took += time.Since(began)
				answers += n.Stats().PacketsOut - before
				open.Store(&through)
			}
			b.ReportMetric(0, "ns/op") // fills the sockets, too
			b.ReportMetric(float64(answers)/took.Seconds(), "answers/s")
		})
	}
}

// dealtSenders opens sockets until the packets of count of them arrive at each gate.
func dealtSenders(b *testing.B, to netip.AddrPort, gates []*gate, count int) (senders []node.Conn) {
	b.Helper()
	dealt := make([]int, len(gates))
	for len(senders) < count*len(gates) {
		conn, err := node.Listen(netip.AddrPortFrom(to.Addr(), 0), batchSize)
		needs.NoError(b, err, "a socket on loopback")
		before := make([]int64, len(gates))
		for i, g := range gates {
			before[i] = g.got.Load()
		}
		if _, err := conn.WriteBatch([]node.Packet{{Buf: []byte("?"), Addr: to}}); err != nil {
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
			conn.Close()
			continue
		}
		senders = append(senders, conn)
		b.Cleanup(func() { conn.Close() })
	}
	return senders
}
