package netbind

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// Listen listens for TCP at an address, on the interface alone. When that has gone and come back, it listens anew at the
// same address.
func (d *Device) Listen(addr string) (net.Listener, error) {
	l, err := d.ListenConfig().Listen(context.Background(), "tcp", addr)
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
