package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// MaxVantages is how many identities one address may hold: the node IDs that BEP 42 allows it differ
// in three bits. More would be a Sybil attack.
const MaxVantages = 8

// vantage is one identity: a node and what the Explorer remembers about it.
type vantage struct {
	*node.Node
	v6       bool
	path     string // of the saved table; "" for none
	attempts atomic.Int32
}

// openVantages opens the identities of every address family, each on a port of its own from
// Config.Port on. The sockets come first, as the limits are shared by as many as there are.
func (e *Explorer) openVantages() error {
	count := max(e.cfg.Vantages, 1)
	if count > MaxVantages {
		return fmt.Errorf("%d vantages: BEP 42 allows an address %d identities, more would be a Sybil attack", count, MaxVantages)
	}
	var sockets [][]node.Conn // by address family
	total := 0
	for _, addr := range e.cfg.Bind {
		if addr.Is6() && e.cfg.NoIPv6 {
			continue
		}
		family, err := e.listen(addr, count)
		if err != nil && addr.Is6() && addr.IsUnspecified() && len(e.cfg.Bind) > 1 {
			e.notices.warn("no IPv6 here: " + err.Error())
			continue
		}
		if err != nil {
			closeAll(sockets)
			return err
		}
		sockets = append(sockets, family)
		total += len(family)
	}
	if total == 0 {
		return errors.New("no address to bind to: --no-ipv6 leaves only IPv6 addresses out, pass an IPv4 --bind")
	}
	for _, family := range sockets {
		for i, conn := range family {
			e.openVantage(conn, i, e.cfg.Limits.Share(total))
		}
	}
	for i, v := range e.vantages[:total/2] {
		if other := e.vantages[i+total/2]; other.v6 != v.v6 {
			v.SetSibling(other.Node)
			other.SetSibling(v.Node)
		}
	}
	return nil
}

// listen opens count sockets at an address.
func (e *Explorer) listen(addr netip.Addr, count int) (sockets []node.Conn, err error) {
	if e.cfg.Port != 0 && int(e.cfg.Port)+count > 65536 {
		return nil, fmt.Errorf("%d vantages from port %d on: pass a lower --port", count, e.cfg.Port)
	}
	for i := range count {
		port := e.cfg.Port
		if port != 0 {
			port += uint16(i)
		}
		conn, err := node.Listen(netip.AddrPortFrom(addr, port), batchSize)
		if errors.Is(err, syscall.EADDRINUSE) && e.cfg.Guest {
			conn, err = node.Listen(netip.AddrPortFrom(addr, 0), batchSize)
		}
		if err != nil {
			closeAll([][]node.Conn{sockets})
			return nil, err
		}
		sockets = append(sockets, conn)
	}
	return sockets, nil
}

func closeAll(sockets [][]node.Conn) {
	for _, family := range sockets {
		for _, conn := range family {
			conn.Close()
		}
	}
}

// openVantage makes the i-th identity of an address family, on conn.
func (e *Explorer) openVantage(conn node.Conn, i int, limits node.Limits) {
	v := &vantage{v6: conn.LocalAddr().Addr().Unmap().Is6()}
	if e.network == nil { // the embedded network is another one every time
		v.path = tablePath(e.cfg.DataDir, v.v6, i)
	}
	saved, warning := loadTable(v.path)
	if warning != "" {
		e.notices.set(aboutTable, warning)
	}
	if v.path != "" && e.lock == nil { // a guest: the ID is somebody else's, his nodes are welcome
		v.path, saved.ID = "", wire.RandomID()
	}
	v.Node = node.New(node.Config{ID: e.distinct(saved.ID, v.v6), Conn: conn, Batch: batchSize, Peers: e.swarms,
		Items: e.items, Limits: limits, ReadOnly: e.cfg.ReadOnly, PublicIP: e.publicIP(v.v6),
		Vantage: len(e.vantages), Observe: e.observe, Tap: e.tap(len(e.vantages))})
	v.Restore(saved.restored(v.v6))
	e.vantages = append(e.vantages, v)
	if e.network != nil {
		e.network.Include(wire.Contact{ID: v.ID(), Addr: v.Addr()})
	}
}

// distinct returns id with another number in its lowest three bits if an identity of that family has the
// same: they choose the prefix that BEP 42 lets it have.
func (e *Explorer) distinct(id ID, v6 bool) ID {
	taken := [MaxVantages]bool{}
	for _, v := range e.vantages {
		if own := v.ID(); v.v6 == v6 {
			taken[own[len(own)-1]%MaxVantages] = true
		}
	}
	last := &id[len(id)-1]
	for taken[*last%MaxVantages] {
		*last = *last&^(MaxVantages-1) | (*last+1)%MaxVantages
	}
	return id
}

// publicIP is the address that was given for a family, invalid for none.
func (e *Explorer) publicIP(v6 bool) netip.Addr {
	if ip := e.cfg.PublicIP.Unmap(); ip.Is6() == v6 {
		return ip
	}
	return netip.Addr{}
}

// tablePath is the file of the i-th identity of an address family; "" when nothing is kept.
func tablePath(dir string, v6 bool, i int) string {
	if dir == "" {
		return ""
	}
	name := "table-v4"
	if v6 {
		name = "table-v6"
	}
	if i > 0 {
		name += fmt.Sprintf("-%d", i+1)
	}
	return filepath.Join(dir, name+".json")
}

// contacts returns the nodes of all tables, for the crawl.
func (e *Explorer) contacts() (all []wire.Contact) {
	for _, v := range e.vantages {
		_, nodes := v.Table(time.Now())
		for i := range nodes {
			if nodes[i].Fails == 0 {
				all = append(all, nodes[i].Contact)
			}
		}
	}
	return all
}

// families is the lookup.Querier of both address families: it asks through the first identity of each.
type families struct{ *Explorer }

// Admit implements lookup.Querier.
func (f families) Admit(ctx context.Context, to netip.AddrPort) error {
	v, err := f.of(to)
	if err != nil {
		return err
	}
	return v.Admit(ctx, to)
}

// Ask implements lookup.Querier.
func (f families) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	v, err := f.of(to.Addr)
	if err != nil {
		return wire.Reply{}, err
	}
	return v.Ask(ctx, to, q)
}

func (f families) of(addr netip.AddrPort) (*vantage, error) {
	if i := f.through(addr); i >= 0 {
		return f.vantages[i], nil
	}
	return nil, fmt.Errorf("%s cannot be reached: no socket of that address family", addr)
}

// through returns the number of the vantage that asks nodes of the family of addr; -1 for none.
func (e *Explorer) through(addr netip.AddrPort) int {
	return slices.IndexFunc(e.vantages, func(v *vantage) bool { return v.v6 == addr.Addr().Is6() })
}

// believes tells whether the node at teller is believed that there is one at claimed: whether we could
// reach it over that address family.
func (e *Explorer) believes(claimed, teller netip.AddrPort) bool {
	for _, v := range e.vantages {
		if v.v6 == claimed.Addr().Is6() {
			return v.Believes(claimed, teller)
		}
	}
	return false
}

// reach tells over which address families the explorer can ask.
func (e *Explorer) reach() (v4, v6 bool) {
	for _, v := range e.vantages {
		v4, v6 = v4 || !v.v6, v6 || v.v6
	}
	return v4, v6
}
