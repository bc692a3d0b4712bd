package screen

import (
	"dhtop/dhtcore"
	"dhtop/views/text"
)

// Mask hides addresses and our own IDs wherever s is shown, copied or exported; nil while they are not
// masked.
func (st *State) Mask(s *dhtcore.Snapshot) *text.Mask {
	if !st.Masked {
		return nil
	}
	v := &text.Mask{Privacy: text.Masked}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		v.Own = append(v.Own, n.ID)
		v.Addrs = append(v.Addrs, n.Addr.Addr(), n.External.Addr())
	}
	if st.Packet != nil { // it may be from before we had another ID
		v.Own = append(v.Own, st.Packet.Self)
	}
	return v
}
