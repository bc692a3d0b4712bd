package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"path/filepath"
	"sync/atomic"
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
// Config.Port on.
func (e *Explorer) openVantages() error {
	count := max(e.cfg.Vantages, 1)
	if count > MaxVantages {
		return fmt.Errorf("%d vantages: BEP 42 allows an address %d identities, more would be a Sybil attack", count, MaxVantages)
	}
	for _, addr := range e.cfg.Bind {
		v6 := addr.Is6()
		if v6 && e.cfg.NoIPv6 {
			continue
		}
		for i := range count {
			err := e.openVantage(addr, i, count)
			if err != nil && v6 && addr.IsUnspecified() && i == 0 && len(e.vantages) > 0 {
				e.warn("no IPv6 here: " + err.Error())
				break
			}
			if err != nil {
				return err
			}
		}
	}
	if len(e.vantages) == 0 {
		return errors.New("no address to bind to: --no-ipv6 leaves only IPv6 addresses out, pass an IPv4 --bind")
	}
	for i, v := range e.vantages[:len(e.vantages)/2] {
		if other := e.vantages[i+len(e.vantages)/2]; other.v6 != v.v6 {
			v.SetSibling(other.Node)
			other.SetSibling(v.Node)
		}
	}
	return nil
}

// openVantage opens the i-th of count identities at an address.
func (e *Explorer) openVantage(addr netip.Addr, i, count int) error {
	bind := netip.AddrPortFrom(addr, e.cfg.Port)
	if e.cfg.Port != 0 {
		if int(e.cfg.Port)+i > 65535 {
			return fmt.Errorf("%d vantages from port %d on: pass a lower --port", count, e.cfg.Port)
		}
		bind = netip.AddrPortFrom(addr, e.cfg.Port+uint16(i))
	}
	conn, err := node.Listen(bind, batchSize)
	if err != nil {
		return err
	}
	v := &vantage{v6: addr.Is6()}
	if e.network == nil { // the embedded network is another one every time
		v.path = tablePath(e.cfg.DataDir, v.v6, i)
	}
	saved, warning := loadTable(v.path)
	if warning != "" {
		e.notice(aboutTable, warning)
	}
	v.Node = node.New(node.Config{ID: e.distinct(saved.ID, v.v6), Conn: conn, Batch: batchSize, Peers: e.swarms,
		Limits: e.cfg.Limits.Share(count), ReadOnly: e.cfg.ReadOnly, PublicIP: e.publicIP(v.v6),
		Observe: e.observe})
	v.Restore(saved.restored(v.v6))
	e.vantages = append(e.vantages, v)
	if e.network != nil {
		e.network.Include(wire.Contact{ID: v.ID(), Addr: v.Addr()})
	}
	return nil
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

// Query implements lookup.Querier: it asks through the first identity of the address family of to.
func (e *Explorer) Query(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	for _, v := range e.vantages {
		if v.v6 == to.Addr.Addr().Is6() {
			return v.Node.Query(ctx, to, q)
		}
	}
	return wire.Reply{}, fmt.Errorf("%s cannot be reached: no socket of that address family", to.Addr)
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

// families tells over which address families the explorer can ask.
func (e *Explorer) families() (v4, v6 bool) {
	for _, v := range e.vantages {
		v4, v6 = v4 || !v.v6, v6 || v.v6
	}
	return v4, v6
}
