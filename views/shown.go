package views

import "dhtop/dhtcore"

// ShownPackets are the packets as they are listed, or the one that is open.
func (st *State) ShownPackets(s *dhtcore.Snapshot) []*dhtcore.Packet {
	if st.Packet != nil {
		return []*dhtcore.Packet{st.Packet.Packet}
	}
	return st.packets(s)
}

// ShownCells are the cells of the keyspace that are shown, and what all IDs in them begin with.
func (st *State) ShownCells(s *dhtcore.Snapshot) (cells *CrawlCells, prefix []byte) {
	if st.Parts != nil {
		return st.Parts, []byte{st.Cell()}
	}
	return &s.Crawl.Cells, nil
}

// CountShown is how many rows the focused list has.
func (st *State) CountShown(s *dhtcore.Snapshot) int { return st.length(s, st.Focus()) }
