package tracker

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// The bridge offers clients the peers that lookups in the DHT have found, where the tracker's own peers do not fill the
// list that a client wants. They are in a store of their own: they are neither seeders nor leechers of ours, none of ours
// is evicted for them, and the state does not keep them. Nothing flows the other way: no peer of the tracker is announced
// to the DHT.
const (
	bridgeFew     = 30  // a client with fewer peers of ours gets a lookup
	bridgeDemands = 256 // the latest wishes that are remembered

	bridgeHashes = 20_000 // whose peers are kept
	bridgePeers  = 100    // of one of them and family
	bridgeTotal  = 200_000
	bridgePerIP  = 50 // anybody can make a lookup find any address
)

// bridge is what a tracker knows of the DHT. mu guards demands and wanted.
type bridge struct {
	found   *peers.Store
	lookups atomic.Uint64
	told    atomic.Uint64

	mu      sync.Mutex
	demands [bridgeDemands]wire.ID // a ring, the latest before wanted%bridgeDemands
	wanted  uint64                 // demands that were added, less those that were taken
	left    int                    // in the ring
}

// newBridge returns a bridge whose peers live as long as life.
func newBridge(life time.Duration) *bridge {
	return &bridge{found: peers.New(peers.Config{MaxHashes: bridgeHashes, MaxPeers: bridgePeers, MaxTotal: bridgeTotal,
		MaxPerIP: bridgePerIP, TTL: life})}
}

// announced completes the selection of an announce with peers from the DHT, and notes that the swarm wants a lookup if
// it has few peers for one that downloads.
func (b *bridge) announced(u *peers.Update, sel *peers.Selection, c peers.Counts) {
	if u.Fresh {
		b.found.Remove(u.Hash, u.Peer) // it is one of ours now
	}
	if u.Stopped {
		return
	}
	if !u.Seed && !u.Partial && c.Seeds+c.Leechers < bridgeFew {
		b.want(u.Hash)
	}
	if sel.IDs {
		return // nobody knows the peer IDs of these
	}
	want := sel.Want
	if sel.Want -= len(sel.V4)/wire.IPv4.AddrLen() + len(sel.V6)/wire.IPv6.AddrLen(); sel.Want > 0 {
		b.told.Add(uint64(b.found.Select(u.Hash, u.Peer, sel)))
	}
	sel.Want = want
}

// want notes that a swarm wants a lookup.
func (b *bridge) want(hash wire.ID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left > 0 && b.demands[(b.wanted-1)%bridgeDemands] == hash {
		return
	}
	b.demands[b.wanted%bridgeDemands] = hash
	b.wanted++
	b.left = min(b.left+1, bridgeDemands)
}

// take returns the latest wish for a lookup, and forgets it.
func (b *bridge) take() (hash wire.ID, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == 0 {
		return hash, false
	}
	b.wanted--
	b.left--
	return b.demands[b.wanted%bridgeDemands], true
}

// Bridges reports whether peers from the DHT are offered.
func (t *Tracker) Bridges() bool { return t.bridge != nil }

// Wanted returns the torrent with few peers that a client wanted to download last, and forgets that it did. ok is false if there is
// none, and without Config.Bridge.
func (t *Tracker) Wanted() (hash wire.ID, ok bool) {
	if t.bridge == nil {
		return hash, false
	}
	return t.bridge.take()
}

// Offer has clients told of the peers that a lookup in the DHT has found, but for those that the tracker has itself, and
// returns how many there are. Earlier ones that were not found again stay until they expire.
func (t *Tracker) Offer(hash wire.ID, found []netip.AddrPort, now time.Time) (offered int) {
	if t.bridge == nil {
		return 0
	}
	t.bridge.lookups.Add(1)
	for _, p := range found {
		if p.Port() != 0 && wire.Routable(p.Addr()) && !t.swarms.Has(hash, p) {
			t.bridge.found.Announce(hash, p, false, peers.Bridge, now)
			offered++
		}
	}
	return offered
}

// bridged returns how many peers from the DHT are offered for a torrent.
func (t *Tracker) bridged(hash wire.ID) int {
	if t.bridge == nil {
		return 0
	}
	c := t.bridge.found.Counts(hash)
	return c.Seeds + c.Leechers
}

// BridgeStats are the figures of the bridge.
type BridgeStats struct {
	Swarms, Peers int    // that are offered now
	Lookups       uint64 // in the DHT, so far
	Told          uint64 // peers from the DHT in replies, so far
}

// stats returns the figures, nil for none.
func (b *bridge) stats() *BridgeStats {
	if b == nil {
		return nil
	}
	s := &BridgeStats{Lookups: b.lookups.Load(), Told: b.told.Load()}
	s.Swarms, s.Peers = b.found.Len()
	return s
}

// Members returns up to n peers of a torrent: ours, and behind them those from the DHT, whose Source is peers.Bridge.
func (t *Tracker) Members(hash wire.ID, n int) (all []peers.Member) {
	all = t.swarms.AppendMembers(nil, hash, n)
	if t.bridge != nil {
		all = t.bridge.found.AppendMembers(all, hash, n-len(all))
	}
	return all
}
