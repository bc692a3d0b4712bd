package screen

import (
	"net/netip"

	"dhtop/dhtcore"
)

// OpenPacket is a packet taken apart. It stays open after the log has dropped it.
type OpenPacket struct {
	*dhtcore.Packet
	Fields []dhtcore.Field
}

// sifted is the part of a log that passes a filter, kept because a frame asks for it several times.
type sifted struct {
	of     *dhtcore.Snapshot
	filter *dhtcore.PacketFilter
	log    []*dhtcore.Packet
}

// FilterPackets shows only the packets that pass a filter; nil for all.
func (st *State) FilterPackets(s *dhtcore.Snapshot, f *dhtcore.PacketFilter) {
	st.PacketFilter = f
	st.sift(s)
	st.Lists[PacketList] = Cursor{}
}

// sift finds the packets of s that pass the filter.
func (st *State) sift(s *dhtcore.Snapshot) {
	st.sifted = sifted{}
	if st.PacketFilter != nil {
		st.sifted = sifted{s, st.PacketFilter, st.passing(s)}
	}
}

func (st *State) passing(s *dhtcore.Snapshot) (log []*dhtcore.Packet) {
	for _, p := range s.Packets.Log {
		if p.Matches(st.PacketFilter) {
			log = append(log, p)
		}
	}
	return log
}

// PacketLog is the log as it is shown, newest first.
func (st *State) PacketLog(s *dhtcore.Snapshot) []*dhtcore.Packet {
	switch {
	case st.PacketFilter == nil:
		return s.Packets.Log
	case st.sifted.of == s && st.sifted.filter == st.PacketFilter:
		return st.sifted.log
	default:
		return st.passing(s)
	}
}

// SelectedPacket is the open packet, else the selected one of the log, or nil.
func (st *State) SelectedPacket(s *dhtcore.Snapshot) *dhtcore.Packet {
	if st.Packet != nil {
		return st.Packet.Packet
	}
	if log := st.PacketLog(s); st.Lists[PacketList].Row < len(log) {
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
		st.Packet = &OpenPacket{p, p.Explain()}
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
	return st.PacketLog(s)
}

func countPackets(st *State, s *dhtcore.Snapshot) int { return len(st.PacketLog(s)) }

func countFields(st *State) int {
	if st.Packet == nil {
		return 0
	}
	return len(st.Packet.Fields)
}

func packetPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	log := st.PacketLog(s)
	return func(row int) Pin { return Pin{At: int64(log[row].Seq)} }
}

func openPacket(st *State, s *dhtcore.Snapshot) { st.TakeApart(st.SelectedPacket(s)) }

// listAllPackets lists all packets again, if it was those that pass a filter.
func (st *State) listAllPackets(s *dhtcore.Snapshot) bool {
	if st.PacketFilter == nil {
		return false
	}
	st.FilterPackets(s, nil)
	return true
}
