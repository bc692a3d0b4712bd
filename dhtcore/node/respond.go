package node

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// DefaultSampleInterval is what BEP 51 recommends for a node whose info_hashes fit into one answer.
const DefaultSampleInterval = 6 * time.Hour

// respond answers the query m of size bytes: with a reply, with a KRPC error, or not at all. It appends the packet to dst.
func (r *reader) respond(dst []byte, m *wire.Message, from netip.AddrPort, size int, now time.Time) []byte {
	r.counters.methods[m.Method].in.Add(1)
	r.counters.detail(m.Method).queryBytesIn.Add(uint64(size))
	if from.Port() == 0 || !wire.Routable(from.Addr()) || len(m.TID) == 0 || len(m.TID) > maxTID {
		r.counters.drop(m.Method, &r.counters.ignored)
		return dst
	}
	if !r.flood.allowReply(now) {
		r.counters.drop(m.Method, &r.counters.overBudget)
		return dst
	}
	if code, text := check(m); code != 0 {
		return r.refuse(dst, m, from, size, code, text, now)
	}
	sender := wire.Contact{ID: m.ID, Addr: from}
	r.cfg.Askers.See(from, version(m), now)
	r.queriedUs(sender, m.ReadOnly, now)
	if m.Method == wire.GetPeers && !m.Bootstrap {
		r.queried(Event{Kind: Requested, At: now, Hash: m.Target, From: sender, Version: version(m)})
	}
	if r.cfg.ReadOnly {
		r.counters.drop(m.Method, &r.counters.ignored)
		return dst
	}
	var a wire.Answer
	switch m.Method {
	case wire.GetPeers:
		r.answerGetPeers(&a, m, from, now)
	case wire.AnnouncePeer:
		port, ok := announcedPort(m, from)
		switch {
		case !r.tokens.valid(m.Token, from.Addr(), now):
			return r.refuse(dst, m, from, size, wire.CodeProtocol, "bad token", now)
		case !ok:
			r.sender.prove(now)
			return r.refuse(dst, m, from, size, wire.CodeProtocol, "invalid port", now)
		}
		r.sender.prove(now)
		r.announced(m, sender, port, now)
	case wire.Get:
		r.queried(Event{Kind: ItemAsked, At: now, Hash: m.Target, From: sender})
		r.answerGet(&a, m, from, now)
	case wire.Put:
		return r.answerPut(dst, m, sender, size, now)
	}
	stranger := !wire.Local(from.Addr())
	if m.HasTarget && m.Method != wire.AnnouncePeer {
		r.answerNodes(&a, m, stranger, now)
	}
	switch m.Method { // with what the nodes leave of the packet
	case wire.GetPeers:
		a.Values = r.cfg.Peers.AppendCompact(r.room.values[:0], m.Target, wire.FamilyOf(from.Addr()), m.NoSeed, r.valuesBeside(&a, m))
		if stranger {
			a.Values = withoutLocal(a.Values, a.ValueLen)
		}
	case wire.SampleInfohashes:
		a.Samples, a.Num = r.cfg.Peers.AppendSamples(r.room.samples[:0], wire.FamilyOf(from.Addr()), r.samplesBeside(&a, m))
		a.Interval = int(r.cfg.SampleInterval / time.Second)
	}
	return r.appendReply(dst, m, from, &a, size, now)
}

// maxTID is the longest transaction ID that is echoed; the ones in use are 1 to 8 bytes long.
const maxTID = 32

// answerRoom is the memory in which a reader builds its answers.
type answerRoom struct {
	token    [tokenLen]byte
	nodes    [table.K * 26]byte
	nodes6   [table.K * 38]byte
	values   [maxAnswer]byte
	samples  [maxSamples * 20]byte
	contacts []wire.Contact
	seeds    peers.Filter
	others   peers.Filter
	item     wire.Item
}

// check returns the KRPC error that a malformed query gets, 0 if it is well formed. A method that we do not know is
// not an error when it carries a target: the answer is the closest nodes, so that later extensions can be routed
// through us (libtorrent's forward-compatibility note).
func check(m *wire.Message) (code int, text string) {
	switch {
	case m.Invalid != "":
		return wire.CodeProtocol, "invalid " + m.Invalid
	case !m.Body:
		return wire.CodeProtocol, "missing a"
	case !m.HasID:
		return wire.CodeProtocol, "missing id"
	}
	switch m.Method {
	case wire.MethodUnknown:
		if !m.HasTarget {
			return wire.CodeMethodUnknown, "method unknown"
		}
	case wire.FindNode, wire.SampleInfohashes, wire.Get:
		if !m.HasTarget {
			return wire.CodeProtocol, "missing target"
		}
	case wire.GetPeers, wire.AnnouncePeer:
		if !m.HasTarget {
			return wire.CodeProtocol, "missing info_hash"
		}
	}
	return 0, ""
}

// refuse answers a query of size bytes with a KRPC error.
func (r *reader) refuse(dst []byte, m *wire.Message, from netip.AddrPort, size, code int, text string, now time.Time) []byte {
	if r.cfg.ReadOnly {
		r.counters.drop(m.Method, &r.counters.ignored)
		return dst
	}
	start := len(dst)
	dst = wire.AppendError(dst, m.TID, from, code, text)
	if length := len(dst) - start; length > r.budget.Load().limit(&r.sender, size, now) || !r.budget.Load().spend(&r.sender, length, size, now) {
		r.counters.drop(m.Method, &r.counters.overBudget)
		return dst[:start]
	}
	r.counters.refuse(m.Method, code, len(dst)-start)
	return dst
}

// answerGetPeers adds a token, and to a scrape the filters.
func (r *reader) answerGetPeers(a *wire.Answer, m *wire.Message, from netip.AddrPort, now time.Time) {
	room := &r.room
	room.token = r.tokens.of(from.Addr(), now, 0)
	a.Token = room.token[:]
	family := wire.FamilyOf(from.Addr())
	a.ValueLen = family.AddrLen()
	if m.Scrape {
		r.answerScrape(a, m.Target, family, now)
	}
}

// answerNodes adds the closest nodes of the families that the query wants, by default its own.
// A stranger is told of no local ones, which are somebody else or nobody where it is.
func (r *reader) answerNodes(a *wire.Answer, m *wire.Message, stranger bool, now time.Time) {
	room := &r.room
	own := wire.FamilyOf(r.addr.Addr())
	want := m.Want
	if want == 0 || crowded(a) && want&own.Want() != 0 {
		want = own.Want()
	}
	for _, family := range [wire.Families]wire.Family{own, own.Other()} {
		source := r.Node
		if family != own {
			source = r.sibling.Load()
		}
		count := r.nodesBeside(a, m, family)
		if want&family.Want() == 0 || source == nil || count == 0 {
			continue
		}
		source.mu.Lock()
		room.contacts = source.table.Closest(room.contacts[:0], m.Target, count, now)
		source.mu.Unlock()
		if stranger {
			room.contacts = slices.DeleteFunc(room.contacts, func(c wire.Contact) bool { return wire.Local(c.Addr.Addr()) })
		}
		if family == wire.IPv4 {
			a.Nodes = appendContacts(room.nodes[:0], room.contacts)
		} else {
			a.Nodes6 = appendContacts(room.nodes6[:0], room.contacts)
		}
	}
}

// withoutLocal removes the local ones from compact peers of size bytes.
func withoutLocal(peers []byte, size int) []byte {
	kept := peers[:0]
	for ; len(peers) >= size; peers = peers[size:] {
		if p, ok := wire.ParseAddr(peers[:size]); ok && !wire.Local(p.Addr()) {
			kept = append(kept, peers[:size]...)
		}
	}
	return kept
}

func appendContacts(dst []byte, cs []wire.Contact) []byte {
	for _, c := range cs {
		dst = wire.AppendContact(dst, c)
	}
	return dst
}

// announcedPort returns the port that an announce is for (BEP 5).
func announcedPort(m *wire.Message, from netip.AddrPort) (port uint16, ok bool) {
	if m.ImpliedPort {
		return from.Port(), true
	}
	return uint16(m.Port), m.HasPort && m.Port >= 1 && m.Port <= 65535
}

// announced stores the peer of an accepted announce.
func (r *reader) announced(m *wire.Message, sender wire.Contact, port uint16, now time.Time) {
	peer := netip.AddrPortFrom(sender.Addr.Addr(), port)
	swarm := r.cfg.Peers.Announce(m.Target, peer, m.Seed, peers.DHT, now)
	r.queried(Event{Kind: Announced, At: now, Hash: m.Target, From: sender, Peer: peer, Swarm: swarm, Version: version(m)})
}

// version returns the first four bytes of the "v" of m, which is the usual length.
func version(m *wire.Message) (v [4]byte) {
	copy(v[:], m.Version)
	return v
}
