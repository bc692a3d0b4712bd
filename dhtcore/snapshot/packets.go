package snapshot

import (
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/wire"
)

// Packets is the log of packets in a Snapshot. See Viewer.WatchPackets.
type Packets struct {
	journal.PacketFlow
	Log []*Packet // newest first, at most MaxPackets
}

// MaxPackets bounds the log of packets: ten seconds at the full rate, 1.5 MB.
const MaxPackets = 2000

// Packet is one packet and a summary of its content. It is immutable.
type Packet struct {
	journal.Packet
	Self   wire.ID // of the identity of ours that received or sent it
	Sender wire.ID // as the packet says; zero if it does not
	Client string
	Name   string // of a query's method, also of an unknown one: sanitise before showing

	// What it carries.
	Nodes, Values, Samples int
	Token                  bool
	Code                   int    // of an error
	Text                   string // of an error: sanitise before showing
}

// PassingPackets returns the packets of a log that pass a filter; all for nil.
func PassingPackets(log []*Packet, f *journal.PacketFilter) (passing []*Packet) {
	if f == nil {
		return log
	}
	var m wire.Message
	var buf []byte
	row := journal.PacketRow{Message: &m}
	for _, p := range log {
		if wire.Scan(p.Payload, &m) != nil {
			m = wire.Message{}
		}
		if row.Packet = &p.Packet; f.Match(&row, &buf) {
			passing = append(passing, p)
		}
	}
	return passing
}

// MethodName is the method of a query as it was sent, or of the query that a reply or error answers; "" when
// that query was not seen. Sanitise it before showing.
func (p *Packet) MethodName() string {
	switch {
	case p.Kind == wire.KindQuery && p.Name != "":
		return p.Name
	case p.Kind == wire.KindQuery, p.Took > 0:
		return p.Method.String()
	default:
		return ""
	}
}

// NewPacket summarises a packet that the identity self received or sent.
func NewPacket(raw journal.Packet, self wire.ID) *Packet {
	p := &Packet{Packet: raw, Self: self}
	var m wire.Message
	if wire.Scan(raw.Payload, &m) != nil {
		m = wire.Message{}
	}
	p.Sender, p.Client, p.Name = m.ID, wire.ClientName(string(m.Version)), string(m.Name)
	p.Token, p.Code, p.Text = len(m.Token) > 0, int(m.Code), string(m.Text)
	if m.Kind == wire.KindReply {
		r := m.Reply(raw.Addr, 0)
		p.Nodes, p.Values, p.Samples = len(r.Nodes), len(r.Peers), len(r.Samples)
	}
	return p
}

// Explain returns all fields of the packet with their meaning, each before those inside it.
func (p *Packet) Explain() []wire.Field { return wire.Explain(p.Payload) }
