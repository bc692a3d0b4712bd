package dhtcore

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

// access is what the lab leaves us of our own network and of our store. The zero value is all of it. It belongs to the
// demo: elsewhere the sockets and the store are as they are.
type access struct {
	networkAway atomic.Bool

	mu        sync.Mutex // guards the rest
	storeAway bool
	storeFull bool
	open      store.Store // nil while none is
}

// set changes what can be reached.
func (a *access) set(network, stored scenario.Access) {
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
func (a *access) fill() {
	if file, ok := a.open.(*store.SQLite); ok {
		file.SetFull(context.Background(), a.storeFull) //nolint:errcheck // then it is as full as before
	}
}

// listenIn returns a listen whose sockets lose their network when the lab takes it away.
func (a *access) listenIn(l listen) listen {
	return func(addr netip.AddrPort, batch int) (node.Conn, error) {
		conn, err := l(addr, batch)
		if err != nil {
			return nil, err
		}
		return &labConn{Conn: conn, away: &a.networkAway}, nil
	}
}

// labConn is a socket of ours whose network can be away.
type labConn struct {
	node.Conn
	away *atomic.Bool
}

// ReadBatch implements node.Conn. While the network is away, nothing arrives.
func (c *labConn) ReadBatch(ps []node.Packet) (int, error) {
	for {
		n, err := c.Conn.ReadBatch(ps)
		if err != nil || !c.away.Load() {
			return n, err
		}
	}
}

// WriteBatch implements node.Conn. While the network is away, it fails as a socket without a route does.
func (c *labConn) WriteBatch(ps []node.Packet) (int, error) {
	if c.away.Load() {
		return 0, &net.OpError{Op: "write", Net: "udp", Err: os.NewSyscallError("sendto", syscall.ENETUNREACH)}
	}
	return c.Conn.WriteBatch(ps)
}

// Drops is how many packets the kernel dropped, as far as the socket can tell.
func (c *labConn) Drops() uint64 {
	if d, ok := c.Conn.(interface{ Drops() uint64 }); ok {
		return d.Drops()
	}
	return 0
}

// openStore is store.Open, unless the lab has taken the store away.
func (a *access) openStore(ctx context.Context, c store.Config) (store.Store, error) {
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

// scenarioStore is the store of a scenario that is about one where none is configured. It is removed in the end.
type scenarioStore struct{ dir string }

// open makes the store, if it takes one.
func (s *scenarioStore) open(cfg *Config) (err error) {
	if cfg.Demo == nil || cfg.Demo.Scenario == nil || !usesStore(cfg.Demo.Scenario) || cfg.Store != "" && cfg.Store != "none" {
		return nil
	}
	if s.dir, err = os.MkdirTemp("", "dhtop-lab-*"); err != nil {
		return fmt.Errorf("no room for the scenario's store: %w: pass --store sqlite:PATH", err)
	}
	cfg.Store = "sqlite:" + s.dir + "/lab.sqlite"
	return nil
}

func (s *scenarioStore) close() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}
