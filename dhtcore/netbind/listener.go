package netbind

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ListenAddr returns the address and the port to listen on at HOST:PORT, the zero address for all of this machine. Of several
// addresses of a name, one of IPv4 is the first choice.
func (d *Device) ListenAddr(ctx context.Context, hostport string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return netip.AddrPort{}, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || host == "" {
		return netip.AddrPortFrom(netip.Addr{}, uint16(number)), err
	}
	ips, err := d.lookup(ctx, host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	first := max(slices.IndexFunc(ips, func(ip netip.Addr) bool { return ip.Unmap().Is4() }), 0)
	return netip.AddrPortFrom(ips[first].Unmap(), uint16(number)), nil
}

// Listen listens for TCP at HOST:PORT, on the interface alone. When that has gone and come back, it listens anew at the
// same address.
func (d *Device) Listen(hostport string) (net.Listener, error) {
	ctx := context.Background()
	at, err := d.ListenAddr(ctx, hostport)
	if err != nil {
		return nil, err
	}
	addr := at.String()
	if !at.Addr().IsValid() {
		addr = ":" + strconv.Itoa(int(at.Port()))
	}
	l, err := d.ListenConfig().Listen(ctx, "tcp", addr)
	if err != nil || d == nil {
		return l, err
	}
	dl := &listener{device: d, Listener: l, addr: l.Addr(), index: d.Index(), ended: make(chan struct{})}
	go dl.watch()
	return dl, nil
}

// listenEvery is how often the interface is looked at.
const listenEvery = time.Second

// listener is one on an interface. mu guards Listener; index belongs to watch, which ends with ended.
type listener struct {
	device *Device
	addr   net.Addr
	index  int
	ended  chan struct{}
	once   sync.Once

	mu sync.Mutex
	net.Listener
}

func (l *listener) current() net.Listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Listener
}

func (l *listener) watch() {
	tick := time.NewTicker(listenEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.ended:
			l.current().Close()
			return
		case <-tick.C:
		}
		index := l.device.Index()
		if index == 0 || index == l.index {
			continue
		}
		next, err := l.device.ListenConfig().Listen(context.Background(), "tcp", l.addr.String())
		if err != nil {
			continue // the address may not be there yet
		}
		old := l.current()
		l.mu.Lock()
		l.Listener, l.index = next, index
		l.mu.Unlock()
		old.Close()
	}
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	for {
		at := l.current()
		conn, err := at.Accept()
		if errors.Is(err, net.ErrClosed) && at != l.current() {
			continue
		}
		return conn, err
	}
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return l.addr }

// Close implements net.Listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.ended) })
	return l.current().Close()
}
