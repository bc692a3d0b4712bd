package screen

import (
	"net/netip"

	"dhtop/dhtcore"
)

// OpenPacket is a packet taken apart. It stays open after the log has dropped it.
type OpenPacket struct {
	*dhtcore.Packet
	Fields []dhtcore.Field
	Cause  *dhtcore.PacketCause // the lookup that it belongs to, as far as it was then; nil for none
}

func siftPackets(st *State, s *dhtcore.Snapshot, _ func(*dhtcore.PacketRow) bool) {
	s.Packets.Log = dhtcore.PassingPackets(s.Packets.Log, st.PacketFilter())
}

// passedPackets counts the packets that have passed since they are recorded, and allPackets those that were seen: a
// filter of packets looks out for those to come.
func passedPackets(_ *State, s *dhtcore.Snapshot) int {
	return max(len(s.Packets.Log), int(s.Packets.Passed))
}

func allPackets(_ *State, s *dhtcore.Snapshot) int {
	return max(len(s.Packets.Log), int(s.Packets.Seen))
}

func emptyPackets(st *State, _ *dhtcore.Snapshot) string {
	if st.Past != nil {
		return "no packets were kept of this time"
	}
	return "no packets yet: they are recorded while this pane is open"
}

// SelectedPacket is the open packet, else the selected one of the log, or nil.
func (st *State) SelectedPacket(s *dhtcore.Snapshot) *dhtcore.Packet {
	if st.Packet != nil {
		return st.Packet.Packet
	}
	if log := s.Packets.Log; st.Lists[PacketList].Row < len(log) {
		return log[st.Lists[PacketList].Row]
	}
	return nil
}

// packetHash is the hash that the keys act on in the packets: that of the selected field, else the one that
// the packet is about.
func packetHash(st *State, s *dhtcore.Snapshot) (hash dhtcore.ID, name string, ok bool) {
	if st.Packet != nil {
		if f := st.Field(st.Packet); f.HasID && !f.Addr.IsValid() && string(f.Key) != "id" {
			return f.ID, NameOf(s, f.ID), true
		}
	}
	if p := st.SelectedPacket(s); p != nil && p.HasTarget {
		return p.Target, NameOf(s, p.Target), true
	}
	return hash, "", false
}

// packetAddr is the address that the keys act on there, if not on a hash: that of the selected field, or of
// the node at the other end of a packet that is about no hash.
func packetAddr(st *State, s *dhtcore.Snapshot) (addr netip.AddrPort, meant bool) {
	if st.Packet != nil {
		if f := st.Field(st.Packet); f.Addr.IsValid() {
			return f.Addr, true
		}
	}
	if p := st.SelectedPacket(s); p != nil && !p.HasTarget {
		return p.Addr, p.Addr.IsValid()
	}
	return addr, false
}

// TakeApart opens a packet; nil closes the one that is open.
func (st *State) TakeApart(p *dhtcore.Packet) {
	st.Packet, st.FullDetails, st.Scroll = nil, false, 0
	st.Lists[FieldList] = Cursor{}
	if p != nil {
		st.Packet = &OpenPacket{Packet: p, Fields: p.Explain()}
	}
}

// Field is the selected field of a packet.
func (st *State) Field(p *OpenPacket) *dhtcore.Field {
	return &p.Fields[Clamp(st.Lists[FieldList].Row, len(p.Fields))]
}

// ShownPackets are the packets as they are listed, or the one that is open.
func (st *State) ShownPackets(s *dhtcore.Snapshot) []*dhtcore.Packet {
	if st.Packet != nil {
		return []*dhtcore.Packet{st.Packet.Packet}
	}
	return s.Packets.Log
}

func countPackets(_ *State, s *dhtcore.Snapshot) int { return len(s.Packets.Log) }

func countFields(st *State) int {
	if st.Packet == nil {
		return 0
	}
	return len(st.Packet.Fields)
}

func packetPins(_ *State, s *dhtcore.Snapshot) func(row int) Pin {
	log := s.Packets.Log
	return func(row int) Pin { return Pin{At: int64(log[row].Seq)} }
}

func openPacket(st *State, s *dhtcore.Snapshot) {
	st.TakeApart(st.SelectedPacket(s))
	if p := st.Packet; p != nil {
		if cause, known := dhtcore.CausesIn(s).Of(p.Packet); known {
			p.Cause = &cause
		}
	}
}
