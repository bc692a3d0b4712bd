package report

import (
	"fmt"

	"dhtop/dhtcore"
)

// ItemHolder is a node that was asked for an item.
type ItemHolder struct {
	ID      dhtcore.ID `json:"id"`
	Addr    string     `json:"addr"`
	Closest bool       `json:"closest"` // one of the nodes that should have the item
	Has     bool       `json:"has"`
	Seq     *int64     `json:"seq"` // of its version; null for an immutable item, and where it has none
	RTTMS   int64      `json:"rtt_ms"`
}

// newItemHolders returns who was found to have an item, closest first.
func newItemHolders(l *dhtcore.LookupState, o Options) []ItemHolder {
	found := dhtcore.NewHolding(l)
	all := make([]ItemHolder, len(found.Nodes))
	for i := range found.Nodes {
		n := &found.Nodes[i]
		all[i] = ItemHolder{ID: n.ID, Addr: o.addr(n.Addr), Closest: n.Closest, Has: n.Has, RTTMS: millis(n.RTT)}
		if n.Has && l.Item != nil && l.Item.Mutable() {
			all[i].Seq = &n.Seq
		}
	}
	return all
}

// appendItemHolders writes a comment a node: which version it has.
func appendItemHolders(text []byte, all []ItemHolder, newest *int64) []byte {
	for i := range all {
		h := &all[i]
		text = fmt.Appendf(text, "# %s %s ", h.Addr, h.ID)
		switch {
		case !h.Has:
			text = append(text, "has none\n"...)
		case h.Seq != nil && newest != nil && *h.Seq < *newest:
			text = fmt.Appendf(text, "has seq %d, an older one\n", *h.Seq)
		case h.Seq != nil:
			text = fmt.Appendf(text, "has seq %d\n", *h.Seq)
		default:
			text = append(text, "has it\n"...)
		}
	}
	return text
}
