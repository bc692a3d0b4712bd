package udp_test

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"dhtop/dhtcore/needs"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/udp"
)

// sharedSockets opens count at one port of an address.
func sharedSockets(t *testing.T, device *netbind.Device, ip string, count int) []udp.Conn {
	t.Helper()
	first, err := udp.ListenOn(device, netip.AddrPortFrom(netip.MustParseAddr(ip), 0), 8)
	needs.NoError(t, err, "a socket at "+ip)
	all := udp.Share(first, count)
	t.Cleanup(func() {
		for _, c := range all {
			c.Close()
		}
	})
	return all
}

// deal sends a packet from each of count sockets, and returns how many arrived at each of conns.
func deal(t *testing.T, conns []udp.Conn, ip string, count int) (got []int) {
	t.Helper()
	to := conns[0].LocalAddr()
	arrived := make(chan int)
	for i, c := range conns {
		go func() {
			ps := make([]udp.Packet, 8)
			for {
				for j := range ps {
					ps[j].Buf = make([]byte, 0, 16)
				}
				n, err := c.ReadBatch(ps)
				if err != nil {
					return
				}
				for range n {
					arrived <- i
				}
			}
		}()
	}
	for range count {
		c, err := udp.Listen(netip.AddrPortFrom(netip.MustParseAddr(ip), 0), 1)
		needs.NoError(t, err, "a socket at "+ip)
		if _, err := c.WriteBatch([]udp.Packet{{Buf: []byte("x"), Addr: to}}); err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	got = make([]int, len(conns))
	for range count {
		got[<-arrived]++
	}
	return got
}

func TestSocketsThatShareAPortShareWhatArrives(t *testing.T) {
	lo, err := netbind.New("lo")
	if err != nil {
		t.Fatal(err)
	}
	for _, ip := range []string{"127.0.0.1", "::1"} {
		for name, device := range map[string]*netbind.Device{"all interfaces": nil, "lo": lo} {
			t.Run(ip+" on "+name, func(t *testing.T) {
				conns := sharedSockets(t, device, ip, 3)
				if len(conns) != 3 {
					t.Fatalf("%d sockets", len(conns))
				}
				for i, n := range deal(t, conns, ip, 120) {
					if n == 0 { // one time in 10^21
						t.Errorf("nothing arrives at socket %d", i)
					}
				}
			})
		}
	}
}

func TestAPortOfAnotherProgramIsInUseEvenIfItSharesIt(t *testing.T) {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var set error
		err := c.Control(func(fd uintptr) { set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1) })
		return errors.Join(err, set)
	}}
	other, err := config.ListenPacket(context.Background(), "udp4", "127.0.0.1:0")
	needs.NoError(t, err, "a socket on loopback")
	defer other.Close()
	taken := other.LocalAddr().(*net.UDPAddr).AddrPort()
	if c, err := udp.Listen(taken, 8); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that another program shares: %v, %v", c, err)
	}
	ours := sharedSockets(t, nil, "127.0.0.1", 2)
	if c, err := udp.Listen(ours[0].LocalAddr(), 8); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a port that a dhtop shares among its readers: %v, %v", c, err)
	}
}

func TestWhatHasOneSocketIsNotShared(t *testing.T) {
	c, err := udp.Listen(netip.MustParseAddrPort("127.0.0.1:0"), 1)
	needs.NoError(t, err, "a socket on loopback")
	defer c.Close()
	if all := udp.Share(c, 2); len(all) != 1 || all[0] != c {
		t.Errorf("a socket for single packets is shared by %d", len(all))
	}
}
