package lab

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/store"
)

// Access is what the lab leaves us of our own network and of our store. The zero value is all of it. It belongs to the
// demo: elsewhere the sockets and the store are as they are.
type Access struct {
	networkAway atomic.Bool

	mu        sync.Mutex // guards the rest
	storeAway bool
	storeFull bool
	open      store.Store // nil while none is
}

// set changes what can be reached.
func (a *Access) set(network, stored scenario.Access) {
	if network != scenario.Unchanged {
		a.networkAway.Store(network != scenario.Back)
	}
	if stored == scenario.Unchanged {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.storeAway, a.storeFull = stored == scenario.Away, stored == scenario.Full
	if a.open == nil {
		return
	}
	a.fill()
	if a.storeAway {
		a.open.Close() //nolint:errcheck // what it says to the next save is what the scenario is about
		a.open = nil
	}
}

// fill gives the open store's disk no room, or room again. mu is held.
func (a *Access) fill() {
	if file, ok := a.open.(*store.SQLite); ok {
		file.SetFull(context.Background(), a.storeFull) //nolint:errcheck // then it is as full as before
	}
}

// Listen is listen with sockets that lose their network when the lab takes it away.
func (a *Access) Listen(listen func(addr netip.AddrPort, batch int) (node.Conn, error)) func(addr netip.AddrPort, batch int) (node.Conn, error) {
	return func(addr netip.AddrPort, batch int) (node.Conn, error) {
		c, err := listen(addr, batch)
		if err != nil {
			return nil, err
		}
		return &conn{Conn: c, away: &a.networkAway}, nil
	}
}

// conn is a socket of ours whose network can be away.
type conn struct {
	node.Conn
	away *atomic.Bool
}

// ReadBatch implements node.Conn. While the network is away, nothing arrives.
func (c *conn) ReadBatch(ps []node.Packet) (int, error) {
	for {
		n, err := c.Conn.ReadBatch(ps)
		if err != nil || !c.away.Load() {
			return n, err
		}
	}
}

// WriteBatch implements node.Conn. While the network is away, it fails as a socket without a route does.
func (c *conn) WriteBatch(ps []node.Packet) (int, error) {
	if c.away.Load() {
		return 0, &net.OpError{Op: "write", Net: "udp", Err: os.NewSyscallError("sendto", syscall.ENETUNREACH)}
	}
	return c.Conn.WriteBatch(ps)
}

// Drops is how many packets the kernel dropped, as far as the socket can tell.
func (c *conn) Drops() uint64 {
	if d, ok := c.Conn.(interface{ Drops() uint64 }); ok {
		return d.Drops()
	}
	return 0
}

// OpenStore is store.Open, unless the lab has taken the store away.
func (a *Access) OpenStore(ctx context.Context, c store.Config) (store.Store, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.storeAway {
		return nil, fmt.Errorf("the lab has taken the store away: %w", syscall.EIO)
	}
	s, err := store.Open(ctx, c)
	if err == nil {
		a.open = s
		a.fill()
	}
	return s, err
}

// Scratch is the store of a scenario that is about one where none is configured. It is removed in the end. The zero value is
// none.
type Scratch struct{ dir string }

// Open makes the store, and returns its URL.
func (s *Scratch) Open() (url string, err error) {
	if s.dir, err = os.MkdirTemp("", "dhtop-lab-*"); err != nil {
		return "", fmt.Errorf("no room for the scenario's store: %w: pass --store sqlite:PATH", err)
	}
	return "sqlite:" + s.dir + "/lab.sqlite", nil
}

// Close removes the store.
func (s *Scratch) Close() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}
