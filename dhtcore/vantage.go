package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"dhtop/dhtcore/hosts"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/items"
	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/silent"
	"dhtop/dhtcore/testnet"
	"dhtop/dhtcore/wire"
)

// MaxVantages is how many identities one address may hold: the node IDs that BEP 42 allows it differ
// in three bits. More would be a Sybil attack.
const MaxVantages = 8

// ownID is added to the seed of a demo for the IDs of our own identities in it.
const ownID = 1 << 32

// batchSize is how many packets are read from a socket at once.
const batchSize = 64

// mostReaders is how many goroutines read for one identity at most: beyond, they would mostly wait for each other.
const mostReaders = 4

// readers is how many goroutines read for each identity, where the system spreads packets over several sockets of a port:
// as many as it has cores to itself. The identities of the other address family do not count, as one family has nearly all
// the traffic.
func readers(vantages int) int {
	return min(max(runtime.GOMAXPROCS(0)/max(vantages, 1), 1), mostReaders)
}

// listen opens a socket at an address, as node.Listen does.
type listen func(addr netip.AddrPort, batch int) (node.Conn, error)

// vantage is one identity: a node and what the Explorer remembers about it.
type vantage struct {
	*node.Node
	family   wire.Family
	path     string       // of the saved table; "" for none
	attempts atomic.Int32 // to join the network
	link     link
	sibling  *vantage // of the other address family; nil for none
	crossing crossing
	isLocal  func(ip netip.Addr) bool // this machine has the address
	silent   *silent.Addresses        // shared by all
	isOurs   func(addr netip.AddrPort) bool
	device   *netbind.Device              // that the socket keeps to; nil for none
	earlier  map[netip.AddrPort]time.Time // when the nodes of the saved table last replied in an earlier run
	checks   *nodeChecks                  // for the doctor; nil for none
}

var errOurselves = errors.New("not asked: this address is our own")

// Admit implements lookup.Querier: it waits for the governor, unless the address is one that we do not ask. It does
// not wait for the turn of an address that may never answer.
func (v *vantage) Admit(ctx context.Context, to netip.AddrPort) error {
	now := time.Now()
	switch {
	case v.isOurs(to):
		return errOurselves
	case v.silent.HasAnswered(to, now) || v.IsGood(to, now):
		return v.Node.Admit(ctx, to)
	case v.sparing() && v.silent.IsSilent(to, now):
		return silent.ErrSilent
	}
	return v.TryAdmit(ctx, to)
}

// Ask implements lookup.Querier. It does not ask an address again and again that never answers.
func (v *vantage) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if v.sparing() && !v.IsGood(to.Addr, time.Now()) {
		if err := v.silent.Ask(ctx, to.Addr); err != nil {
			return wire.Reply{}, err
		}
	}
	reply, err := v.Node.Ask(ctx, to, q)
	v.silent.Outcome(to.Addr, err)
	v.link.asked(to.Addr, err)
	v.checks.note(to.Addr, err)
	return reply, err
}

// sparing reports whether silence says something about others: not while our own network is away.
func (v *vantage) sparing() bool {
	outage := v.link.current()
	return !outage.Offline()
}

// view is a picture of the identity and its table.
func (v *vantage) view(now time.Time) Vantage {
	view := Vantage{ID: v.ID(), Addr: v.Addr(), External: v.External(), Mode: v.Mode(), Family: v.family, Tallies: v.Tallies(now),
		LastStranger: v.LastStranger()}
	view.Buckets, view.Contacts = v.Table(now)
	for _, b := range view.Buckets {
		view.Good += b.Good
		view.Questionable += b.Questionable
		view.Bad += b.Bad
		view.Replacements += b.Replacements
	}
	return view
}

// vantageOpener opens the identities, with what they share.
type vantageOpener struct {
	cfg              *Config
	socket           listen
	device           *netbind.Device
	guest            bool // another process owns the saved identities
	network          *testnet.Network
	swarms           *peers.Store
	items            *items.Store
	askers, repliers *hosts.Set
	observe          func(node.Event)
	observeQueries   func([]node.Event)
	tap              func(vantage int) func(wire.Direction, node.Packet)
	notices          *notices
}

// open fills vs with the identities of every address family, each on a port of its own from Config.Port on.
// The sockets come first, as the limits are shared by as many as there are.
func (o *vantageOpener) open(vs *vantages) error {
	count := max(o.cfg.Vantages, 1)
	if count > MaxVantages {
		return fmt.Errorf("%d vantages: BEP 42 allows %d identities an address, more would be a Sybil attack: pass a lower --vantages", count, MaxVantages)
	}
	var sockets [][]node.Conn // by address family
	total := 0
	for _, addr := range o.cfg.Bind {
		if addr.Is6() && o.cfg.NoIPv6 {
			continue
		}
		family, err := o.listen(addr, count)
		if err != nil && addr.Is6() && addr.IsUnspecified() && len(o.cfg.Bind) > 1 {
			o.notices.warn("no IPv6 here: " + human.Cause(err).Error())
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
			vs.list = append(vs.list, o.vantage(vs, conn, i, o.cfg.Limits.Share(total)))
		}
	}
	pairSiblings(vs.list)
	return nil
}

// pairSiblings makes the identities of two address families know each other, pair by pair.
func pairSiblings(list []*vantage) {
	half := len(list) / 2
	for i, v := range list[:half] {
		if other := list[i+half]; other.family != v.family {
			v.SetSibling(other.Node)
			other.SetSibling(v.Node)
			v.sibling, other.sibling = other, v
		}
	}
}

// listen opens count sockets at an address.
func (o *vantageOpener) listen(addr netip.Addr, count int) (sockets []node.Conn, err error) {
	if o.cfg.Port != 0 && int(o.cfg.Port)+count > 65536 {
		return nil, fmt.Errorf("%d vantages do not fit from port %d on: pass a lower --port", count, o.cfg.Port)
	}
	for i := range count {
		port := o.cfg.Port
		if port != 0 {
			port += uint16(i)
		}
		conn, err := o.socket(netip.AddrPortFrom(addr, port), batchSize)
		if errors.Is(err, syscall.EADDRINUSE) && o.cfg.Guest {
			conn, err = o.socket(netip.AddrPortFrom(addr, 0), batchSize)
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
			conn.Close() // nothing was sent through it
		}
	}
}

// vantage makes the i-th identity of an address family, on conn.
func (o *vantageOpener) vantage(vs *vantages, conn node.Conn, i int, limits node.Limits) *vantage {
	v := &vantage{family: wire.FamilyOf(conn.LocalAddr().Addr()), isLocal: isLocal, silent: &vs.silent, isOurs: vs.isOurs, device: o.device}
	if o.network == nil { // the embedded network is another one every time
		v.path = tablePath(o.cfg.DataDir, v.family, i)
	}
	saved, warning := loadTable(v.path)
	if warning != "" {
		o.notices.set(aboutTable, warning)
	}
	if v.path != "" && o.guest { // reuse the nodes of the owner, not its ID
		v.path, saved.ID = "", wire.RandomID()
	}
	var more []node.Conn
	if o.network != nil {
		conn = o.network.Expose(conn)
	} else {
		more = node.Share(conn, readers(o.cfg.Vantages))[1:]
	}
	number := len(vs.list)
	if o.network != nil { // what happens in a demo follows from its seed
		saved.ID = testnet.DrawID(testnet.NewRand(o.cfg.Demo.Seed + ownID + uint64(number)))
	}
	v.Node = node.New(node.Config{ID: vs.distinct(saved.ID, v.family), Conn: conn, MoreConns: more, Batch: batchSize, Strangers: true, Peers: o.swarms,
		Items: o.items, Limits: limits, ReadOnly: o.cfg.ReadOnly, PublicIP: o.publicIP(v.family),
		Vantage: number, Askers: o.askers, Repliers: o.repliers, Observe: o.observe, ObserveQueries: o.observeQueries, Tap: o.tap(number)})
	v.Restore(saved.restored(v.family))
	v.earlier = saved.lastReplies()
	if o.cfg.Examine && i == 0 {
		v.checks = newNodeChecks(saved.Nodes)
	}
	if o.network != nil {
		o.network.Include(wire.Contact{ID: v.ID(), Addr: v.Addr()})
	}
	return v
}

// distinct returns id with another number in its lowest three bits if an identity of that family has the
// same: they choose the prefix that BEP 42 lets it have.
func (vs *vantages) distinct(id ID, family wire.Family) ID {
	taken := [MaxVantages]bool{}
	for _, v := range vs.list {
		if own := v.ID(); v.family == family {
			taken[own[len(own)-1]%MaxVantages] = true
		}
	}
	last := &id[len(id)-1]
	for taken[*last%MaxVantages] {
		*last = *last&^(MaxVantages-1) | (*last+1)%MaxVantages
	}
	return id
}

// publicIP is the address that was configured for a family, invalid for none.
func (o *vantageOpener) publicIP(family wire.Family) netip.Addr {
	if ip := o.cfg.PublicIP.Unmap(); wire.FamilyOf(ip) == family {
		return ip
	}
	return netip.Addr{}
}
