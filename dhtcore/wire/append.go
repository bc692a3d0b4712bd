package wire

import (
	"net/netip"
	"strconv"
)

// Query is a query to one node.
type Query struct {
	Method      Method
	Target      ID     // "target" of find_node, sample_infohashes and get, "info_hash" of the others
	Token       []byte // announce_peer, put: from the same node's get_peers or get reply
	Port        uint16 // announce_peer
	ImpliedPort bool   // announce_peer: take the UDP source port instead of Port
	Seed        bool   // announce_peer (BEP 33)
	Scrape      bool   // get_peers: send the BEP 33 filters
	NoSeed      bool   // get_peers: leave out seeds (BEP 33)
	Want        Want   // find_node, get_peers, sample_infohashes, get (BEP 32)
	Item        *Item  // put: the item to store, with its CAS; get: its Seq is that of the version we have. May be nil for get
}

// AppendQuery appends q as the node id sends it in transaction tid. readOnly sets BEP 43's flag. Keys are in bencode
// order.
func AppendQuery(dst []byte, id ID, tid []byte, readOnly bool, q *Query) []byte {
	if q.Method == Put {
		dst = appendPut(append(dst, "d1:ad"...), id, q.Token, q.Item)
	} else {
		dst = append(dst, "d1:ad2:id20:"...)
		dst = append(dst, id[:]...)
	}
	switch q.Method {
	case Get:
		if q.Item != nil && q.Item.HasSeq {
			dst = appendInt(append(dst, "3:seq"...), q.Item.Seq)
		}
		fallthrough
	case FindNode, SampleInfohashes:
		dst = append(dst, "6:target20:"...)
		dst = append(dst, q.Target[:]...)
		dst = appendWant(dst, q.Want)
	case GetPeers:
		dst = append(dst, "9:info_hash20:"...)
		dst = append(dst, q.Target[:]...)
		dst = appendFlag(dst, "6:noseed", q.NoSeed)
		dst = appendFlag(dst, "6:scrape", q.Scrape)
		dst = appendWant(dst, q.Want)
	case AnnouncePeer:
		dst = appendFlag(dst, "12:implied_port", q.ImpliedPort)
		dst = append(dst, "9:info_hash20:"...)
		dst = append(dst, q.Target[:]...)
		dst = append(dst, "4:porti"...)
		dst = strconv.AppendUint(dst, uint64(q.Port), 10)
		dst = append(dst, 'e')
		dst = appendFlag(dst, "4:seed", q.Seed)
		dst = appendStr(append(dst, "5:token"...), q.Token)
	}
	dst = append(dst, "e1:q"...)
	dst = strconv.AppendInt(dst, int64(len(q.Method.String())), 10)
	dst = append(dst, ':')
	dst = append(dst, q.Method.String()...)
	dst = appendFlag(dst, "2:ro", readOnly)
	return appendTail(dst, tid, 'q')
}

// Answer is the content of a reply. The slices are compact forms and are copied.
type Answer struct {
	Nodes, Nodes6 []byte // "nodes" is left out when nil
	Token         []byte
	Values        []byte // compact peers of ValueLen bytes each
	ValueLen      int    // 6 or 18
	Samples       []byte // "samples", "num" and "interval" are left out when nil
	Num           int
	Interval      int    // seconds
	SeedFilter    []byte // "BFsd" (BEP 33), left out when nil
	PeerFilter    []byte // "BFpe"
	Item          *Item  // as far as its fields are set (BEP 44)
}

// AppendReply appends the reply of the node id in transaction tid. external is the address from which the query came,
// which its sender learns as BEP 42 asks.
func AppendReply(dst []byte, id ID, tid []byte, external netip.AddrPort, a *Answer) []byte {
	dst = appendExternal(append(dst, 'd'), external)
	if a.SeedFilter == nil {
		dst = append(dst, "1:rd2:id20:"...)
	} else {
		dst = appendStr(append(dst, "1:rd4:BFpe"...), a.PeerFilter)
		dst = appendStr(append(dst, "4:BFsd"...), a.SeedFilter)
		dst = append(dst, "2:id20:"...)
	}
	dst = append(dst, id[:]...)
	if a.Samples != nil {
		dst = append(dst, "8:intervali"...)
		dst = strconv.AppendInt(dst, int64(a.Interval), 10)
		dst = append(dst, 'e')
	}
	if a.Item != nil && a.Item.Mutable() {
		dst = appendStr(append(dst, "1:k"...), a.Item.Key)
	}
	if a.Nodes != nil {
		dst = appendStr(append(dst, "5:nodes"...), a.Nodes)
	}
	if a.Nodes6 != nil {
		dst = appendStr(append(dst, "6:nodes6"...), a.Nodes6)
	}
	if a.Samples != nil {
		dst = append(dst, "3:numi"...)
		dst = strconv.AppendInt(dst, int64(a.Num), 10)
		dst = appendStr(append(dst, "e7:samples"...), a.Samples)
	}
	if a.Item != nil {
		dst = appendSignature(dst, a.Item)
	}
	if a.Token != nil {
		dst = appendStr(append(dst, "5:token"...), a.Token)
	}
	if a.Item != nil && a.Item.Value != nil {
		dst = append(append(dst, "1:v"...), a.Item.Value...)
	}
	if len(a.Values) > 0 {
		dst = append(dst, "6:valuesl"...)
		for v := a.Values; a.ValueLen > 0 && len(v) >= a.ValueLen; v = v[a.ValueLen:] {
			dst = appendStr(dst, v[:a.ValueLen])
		}
		dst = append(dst, 'e')
	}
	return appendTail(append(dst, 'e'), tid, 'r')
}

// AppendError appends a KRPC error in transaction tid.
func AppendError(dst []byte, tid []byte, external netip.AddrPort, code int, text string) []byte {
	dst = append(dst, "d1:eli"...)
	dst = strconv.AppendInt(dst, int64(code), 10)
	dst = append(dst, 'e')
	dst = strconv.AppendInt(dst, int64(len(text)), 10)
	dst = append(dst, ':')
	dst = append(dst, text...)
	dst = append(dst, 'e')
	return appendTail(appendExternal(dst, external), tid, 'e')
}

// Version is the "v" of our messages: "DT" and two bytes of version, 0.1.
const Version = "DT\x00\x01"

func appendTail(dst, tid []byte, y byte) []byte {
	dst = appendStr(append(dst, "1:t"...), tid)
	dst = append(dst, "1:v4:"+Version+"1:y1:"...)
	return append(dst, y, 'e')
}

func appendExternal(dst []byte, addr netip.AddrPort) []byte {
	if !addr.IsValid() {
		return dst
	}
	if addr.Addr().Unmap().Is4() {
		dst = append(dst, "2:ip6:"...)
	} else {
		dst = append(dst, "2:ip18:"...)
	}
	return AppendAddr(dst, addr)
}

func appendStr(dst, s []byte) []byte {
	dst = strconv.AppendInt(dst, int64(len(s)), 10)
	dst = append(dst, ':')
	return append(dst, s...)
}

func appendInt(dst []byte, v int64) []byte {
	return append(strconv.AppendInt(append(dst, 'i'), v, 10), 'e')
}

func appendFlag(dst []byte, key string, on bool) []byte {
	if on {
		dst = append(append(dst, key...), "i1e"...)
	}
	return dst
}

func appendWant(dst []byte, w Want) []byte {
	if w == 0 {
		return dst
	}
	dst = append(dst, "4:wantl"...)
	if w&WantNodes != 0 {
		dst = append(dst, "2:n4"...)
	}
	if w&WantNodes6 != 0 {
		dst = append(dst, "2:n6"...)
	}
	return append(dst, 'e')
}
