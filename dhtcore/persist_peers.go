package dhtcore

import (
	"net/netip"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/store"
)

// mostPeers is how many peers wait for the store at most, some 20 MB; those that come then are not kept.
const mostPeers = 1 << 17

// pendingPeers are the peers that wait to be saved. Its lock guards them.
type pendingPeers struct {
	mu    sync.Mutex
	peers map[peerKey]*store.Peer
	lost  int // found no room
}

type peerKey struct {
	hash ID
	addr netip.AddrPort
}

// add notes a peer that was announced to us or found by a lookup. Sightings of other kinds show no peer.
func (p *pendingPeers) add(kind ledger.Kind, hash ID, addr netip.AddrPort, now time.Time) {
	if kind != ledger.Announced && kind != ledger.Found {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key := peerKey{hash, netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())}
	peer := p.peers[key]
	if peer == nil {
		if len(p.peers) >= mostPeers {
			p.lost++
			return
		}
		if p.peers == nil {
			p.peers = make(map[peerKey]*store.Peer)
		}
		peer = &store.Peer{InfoHash: hash, Addr: key.addr, FirstSeen: now}
		p.peers[key] = peer
	}
	peer.LastSeen = now
	if kind == ledger.Announced {
		peer.Announced++
	} else {
		peer.Found++
	}
}

// take returns the peers that wait, which wait no longer.
func (p *pendingPeers) take() []store.Peer {
	p.mu.Lock()
	waiting := p.peers
	p.peers = nil
	p.mu.Unlock()
	peers := make([]store.Peer, 0, len(waiting))
	for _, peer := range waiting {
		peers = append(peers, *peer)
	}
	return peers
}

// putBack lets peers wait again that could not be saved.
func (p *pendingPeers) putBack(peers []store.Peer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.peers == nil {
		p.peers = make(map[peerKey]*store.Peer, len(peers))
	}
	for _, peer := range peers {
		key := peerKey{peer.InfoHash, peer.Addr}
		if since := p.peers[key]; since != nil {
			peer.Announced += since.Announced
			peer.Found += since.Found
			peer.LastSeen = since.LastSeen
		} else if len(p.peers) >= mostPeers {
			p.lost++
			continue
		}
		p.peers[key] = &peer
	}
}

// dropped is how many found no room so far.
func (p *pendingPeers) dropped() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}
