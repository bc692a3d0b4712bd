package node

import (
	"strconv"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// BEP 32 allows no packet more than 1,024 bytes. An answer keeps to that with fewer nodes of the other family, fewer peers
// and fewer samples. Only BEP 44 breaks it, with items that are larger by themselves: those answers fit into an Ethernet
// frame and through all but the narrowest tunnels.
const (
	maxAnswer     = 1024
	maxItemAnswer = 1400
	maxValues     = 50 // peers
	maxSamples    = 20 // BEP 51
)

// The bytes of the parts of an answer besides their content.
const (
	ofAnswer  = len("d2:ip18:..................1:rd2:id20:....................e1:t32:1:v4:....1:y1:re") // without the transaction ID
	ofToken   = len("5:token8:") + tokenLen
	ofFilters = len("4:BFpe256:4:BFsd256:") + 2*wire.FilterLen
	ofKey     = len("1:k32:................................")
	ofSeq     = len("3:seqi-9223372036854775808e")
	ofSig     = len("3:sig64:") + 64
	ofItem    = len("1:v")
	ofNodes   = len("6:nodes6304:")
	ofValues  = len("6:valuesle")
	ofSamples = len("8:intervali21600e3:numi1000000000e7:samples400:")
)

// used returns how many bytes the answer to m takes with what a has so far, the samples and the peers not included.
func (n *Node) used(a *wire.Answer, m *wire.Message) (size int) {
	size = ofAnswer + len(m.TID)
	if wire.FamilyOf(n.addr.Addr()) == wire.IPv4 {
		size -= len("18:") - len("6:") + wire.IPv6.AddrLen() - wire.IPv4.AddrLen() // of "ip"
	}
	if a.Token != nil {
		size += ofToken
	}
	if a.SeedFilter != nil {
		size += ofFilters
	}
	if it := a.Item; it != nil {
		size += ofItem + len(it.Value)
		if it.HasSeq {
			size += ofSeq
		}
		if it.Mutable() {
			size += ofKey + ofSig
		}
	}
	for _, nodes := range [...][]byte{a.Nodes, a.Nodes6} {
		if nodes != nil {
			size += ofNodes + len(nodes)
		}
	}
	return size
}

// fit returns how many records of each bytes, with beside bytes around them all, fit into what is left of an answer.
func (n *Node) fit(a *wire.Answer, m *wire.Message, beside, each, most int) int {
	size, limit := n.used(a, m), maxAnswer
	if a.Item != nil && size > limit {
		limit = maxItemAnswer
	}
	return max(min((limit-size-beside)/each, most), 0)
}

// nodesBeside returns how many nodes of a family fit into a: fewer than usual beside large items, whose finders need no
// further nodes.
func (n *Node) nodesBeside(a *wire.Answer, m *wire.Message, family wire.Family) int {
	return n.fit(a, m, ofNodes, family.ContactLen(), table.K)
}

// valuesBeside returns how many peers fit into a.
func (n *Node) valuesBeside(a *wire.Answer, m *wire.Message) int {
	return n.fit(a, m, ofValues, len(strconv.Itoa(a.ValueLen))+len(":")+a.ValueLen, maxValues)
}

// samplesBeside returns how many samples fit into a.
func (n *Node) samplesBeside(a *wire.Answer, m *wire.Message) int {
	return n.fit(a, m, ofSamples, len(wire.ID{}), maxSamples)
}
