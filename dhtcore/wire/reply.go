package wire

import (
	"errors"
	"net/netip"
	"slices"
	"time"
)

// Reply is a node's answer to one of our queries, copied out of the packet that carried it.
type Reply struct {
	From       Contact       // the ID that it states, the address that it came from
	RTT        time.Duration // from our query to this reply
	Version    string        // raw bytes of "v": show it through ClientName
	External   netip.AddrPort
	Token      []byte
	Nodes      []Contact // both families
	Peers      []netip.AddrPort
	FalsePeers int  // peers that are left out of Peers, as they cannot be any
	HasSamples bool // the node speaks BEP 51
	Samples    []ID
	Num        int64         // info_hashes that it stores
	Interval   time.Duration // until it may be asked again
	// SeedFilter and PeerFilter are the bloom filters of a scrape (BEP 33), nil when it has none. Either
	// converts to a *peers.Filter.
	SeedFilter, PeerFilter *[FilterLen]byte
	// Item is the item that the node stores at a get's target (BEP 44), nil when it has none. It is not checked:
	// set its Salt to the one looked up, compare Target, and call Check.
	Item *Item
}

// ErrInvalid is the error of a query whose answer is not a valid KRPC reply.
var ErrInvalid = errors.New("the answer is not a valid KRPC reply")

// maxInterval is the longest wait in seconds that BEP 51 lets a node ask for.
const maxInterval = 21600

// maxToken is the longest token in bytes that fits into an announce of one packet.
const maxToken = 1200

// Reply copies m, which came from addr after rtt, out of the packet.
func (m *Message) Reply(addr netip.AddrPort, rtt time.Duration) Reply {
	r := Reply{
		From:       Contact{ID: m.ID, Addr: addr},
		RTT:        rtt,
		Version:    string(m.Version),
		HasSamples: m.HasSamples,
		Num:        max(m.Num, 0),
		Interval:   time.Duration(min(max(m.Interval, 0), maxInterval)) * time.Second,
	}
	r.External, _ = ParseAddr(m.External)
	if m.Rest != nil {
		m.replyRest(&r)
	}
	if len(m.Token) > maxToken {
		m.odd(keyToken)
	} else if len(m.Token) > 0 {
		r.Token = append([]byte(nil), m.Token...)
	}
	if n := len(m.Nodes)/contactLen4 + len(m.Nodes6)/contactLen6; n > 0 {
		r.Nodes = make([]Contact, 0, n)
		r.Nodes = appendContacts(r.Nodes, m.Nodes, contactLen4)
		r.Nodes = appendContacts(r.Nodes, m.Nodes6, contactLen6)
	}
	r.Peers, r.FalsePeers = m.peers(addr)
	for s := m.Samples; len(s) >= len(ID{}); s = s[len(ID{}):] {
		r.Samples = append(r.Samples, ID(s))
	}
	return r
}

// DropFalsePeers moves the peers that the node cannot honestly have told of from Peers to FalsePeers.
func (r *Reply) DropFalsePeers() {
	before := len(r.Peers)
	r.Peers = slices.DeleteFunc(r.Peers, func(p netip.AddrPort) bool { return !Credible(p, r.From.Addr) })
	r.FalsePeers += before - len(r.Peers)
}

// peers returns the peers of a reply from the node at addr, without those at port 0, which it counts. An element that
// is no address is left out.
func (m *Message) peers(from netip.AddrPort) (peers []netip.AddrPort, noPort int) {
	for s := (scanner{b: m.Values}); !s.bad && s.i < len(s.b); {
		first := s.i == 0
		v := s.field(m, keyValues)
		p, ok := ParseAddr(v)
		if !ok || first && s.i == len(s.b) && ambiguous(v, from) {
			m.odd(keyValues)
			continue
		}
		if p.Port() == 0 {
			noPort++
			continue
		}
		peers = append(peers, p)
	}
	return peers, noPort
}

// ambiguous reports whether v, all that a node at from has for values, may be one IPv6 peer or three of IPv4: before
// there was IPv6, some nodes sent one string with all their peers. Over IPv4 neither is the rule.
func ambiguous(v []byte, from netip.AddrPort) bool {
	return len(v) == addrLen6 && from.Addr().Is4() && !netip.AddrFrom16([16]byte(v)).Is4In6()
}

// ofItem are the keys that make an item together: with one of them odd there is none.
var ofItem = keys(keyK, keySig, keySeq)

// replyRest copies the rare fields of a reply.
func (m *Message) replyRest(r *Reply) {
	seeds, peers := m.filters()
	r.SeedFilter, r.PeerFilter = cloneFilter(seeds), cloneFilter(peers)
	if it := m.ScanItem(); m.odds&ofItem == 0 && (it.Value != nil || it.HasSeq) {
		c := it.Clone()
		r.Item = &c
	}
}

// Err returns the error that m carries, nil when m is not an error message.
func (m *Message) Err() error {
	if m.Kind != KindError {
		return nil
	}
	return &Error{Code: int(m.Code), Text: string(m.Text)}
}
