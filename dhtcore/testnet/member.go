package testnet

import (
	"context"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// Member is a node of the network, with the peers that have announced themselves to it. Some are in the IPv6 network
// too, under an ID of its own.
type Member struct {
	*node.Node
	Peers *peers.Store
	six   *node.Node         // nil for none
	link  *link              // of the IPv4 node; what its Conditions are holds of both
	twin  *link              // of the IPv6 node
	stop  context.CancelFunc // nil until it runs
}

// The bounds of the peer store of one of many nodes in a process.
const (
	maxSwarms = 1 << 13
	maxPeers  = 1 << 16
)

// newMember opens the sockets of one more node. mu is held, or nobody else knows n yet.
func (n *Network) newMember() (*Member, error) {
	id := DrawID(n.rng)
	conn, err := n.listen(id, n.rng)
	if err != nil {
		return nil, err
	}
	m := &Member{Peers: peers.New(peers.Config{MaxHashes: maxSwarms, MaxTotal: maxPeers, TTL: n.cfg.PeerTTL})}
	m.link = n.newLink(conn, id, n.cfg.rtt(n.rng))
	n.directory.add(m.link)
	m.Node = n.newNode(m, id, m.link)
	if n.cfg.IPv6 > 0 && n.rng.Float64() < n.cfg.IPv6 {
		n.addIPv6(m)
	}
	return m, nil
}

func (n *Network) newNode(m *Member, id wire.ID, conn node.Conn) *node.Node {
	return node.New(node.Config{ID: id, Conn: conn, Peers: m.Peers, SampleInterval: n.cfg.SampleInterval})
}

// addIPv6 gives m a node in the IPv6 network, if there is one here.
func (n *Network) addIPv6(m *Member) {
	id := DrawID(n.rng)
	if n.cfg.ListenIPv6 == nil {
		return
	}
	conn, err := n.cfg.ListenIPv6(id, n.rng)
	if err != nil {
		return
	}
	m.twin = &link{Conn: n.socket(conn), network: n, id: id, client: m.link.client, rtt: m.link.rtt, lot: m.link.lot, silent: m.link.silent,
		rng: NewRand(n.rng.Uint64())}
	n.directory.add(m.twin)
	m.six = n.newNode(m, id, m.twin)
	m.SetSibling(m.six)
	m.six.SetSibling(m.Node)
}

// in returns the node that m has in the network of a family, nil for none.
func (m *Member) in(family wire.Family) *node.Node {
	if family == wire.IPv6 {
		return m.six
	}
	return m.Node
}

// linkIn returns the link that m has in the network of a family, nil for none.
func (m *Member) linkIn(family wire.Family) *link {
	if family == wire.IPv6 {
		return m.twin
	}
	return m.link
}

func (m *Member) contact() wire.Contact { return m.contactIn(wire.IPv4) }

// contactIn returns the contact of m in the network of a family, where it has to be.
func (m *Member) contactIn(family wire.Family) wire.Contact {
	own := m.in(family)
	return wire.Contact{ID: own.ID(), Addr: own.Addr()}
}

// start runs m until ctx ends or it leaves. The mu of the network is held.
func (m *Member) start(ctx context.Context, running *sync.WaitGroup) {
	ctx, m.stop = context.WithCancel(ctx)
	running.Go(func() { m.Run(ctx) }) //nolint:errcheck // a node that loses its socket is a node that left
	if m.six != nil {
		running.Go(func() { m.six.Run(ctx) }) //nolint:errcheck // as above
	}
}

// close frees the sockets of a node that never ran.
func (m *Member) close() {
	m.Close() //nolint:errcheck // nothing was sent through it
	if m.six != nil {
		m.six.Close() //nolint:errcheck // as above
	}
}

// Include makes c known to the network when Run fills the routing tables, like any other node.
func (n *Network) Include(c wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.guests = append(n.guests, c)
	addrs := maps.Clone(*n.guestAddrs.Load())
	if addrs == nil {
		addrs = make(map[netip.AddrPort]bool)
	}
	addrs[c.Addr] = true
	n.guestAddrs.Store(&addrs)
}

// guestsIn returns the guests of a family. mu is held.
func (n *Network) guestsIn(family wire.Family) []wire.Contact {
	return slices.DeleteFunc(slices.Clone(n.guests), func(g wire.Contact) bool { return wire.FamilyOf(g.Addr.Addr()) != family })
}

func (n *Network) isGuest(addr netip.AddrPort) bool { return (*n.guestAddrs.Load())[addr] }

// Members returns the nodes of the network, in no order that means anything.
func (n *Network) Members() []*Member {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.members)
}

// Contacts returns the IPv4 addresses and IDs of the members.
func (n *Network) Contacts() []wire.Contact {
	members := n.Members()
	contacts := make([]wire.Contact, len(members))
	for i, m := range members {
		contacts[i] = m.contact()
	}
	return contacts
}

// HasIPv6 reports whether a member answers in the IPv6 network.
func (n *Network) HasIPv6() bool {
	return slices.ContainsFunc(n.serving(), func(m *Member) bool { return m.six != nil })
}

// hasFamily reports whether a member is in the network of a family.
func (n *Network) hasFamily(family wire.Family) bool {
	return n.listenIn(family) != nil && slices.ContainsFunc(n.Members(), func(m *Member) bool { return m.in(family) != nil })
}

// Bootstrap returns the addresses of three members of each family, for a newcomer to start from.
func (n *Network) Bootstrap() (addrs []string) {
	for family := range wire.Families {
		left := 3
		for _, m := range n.serving() {
			if own := m.in(family); own != nil && left > 0 {
				addrs = append(addrs, own.Addr().String())
				left--
			}
		}
	}
	return addrs
}

// serving are the members that answer, truthfully, whoever asks.
func (n *Network) serving() (all []*Member) {
	c := n.Conditions()
	for _, m := range n.Members() {
		if m.link.role(&c) == serving {
			all = append(all, m)
		}
	}
	return all
}
