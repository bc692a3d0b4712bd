package screen

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"dhtop/dhtcore"
)

// NodeBucket names a bucket of one of our identities.
type NodeBucket struct {
	Vantage int // in Snapshot.Nodes
	Index   int // the bits that its nodes share with that identity
}

// NodeRow is a row of the node list: a node, and which of our identities has it in its table.
type NodeRow struct {
	*dhtcore.TableNode
	Vantage int // in Snapshot.Nodes
}

// InBucket returns the bucket of the node.
func (n NodeRow) InBucket() NodeBucket { return NodeBucket{n.Vantage, n.Bucket} }

// The orders of the node list.
const (
	NodesByDistance = iota // far to near, identity by identity
	NodesByAge
	NodesBySeen
	NodesByRTT
	NodesByClient
	NodesByFamily
)

var nodeOrders = []order{
	NodesByDistance: {"distance from us", false},
	NodesByAge:      {"age, the oldest first", true},
	NodesBySeen:     {"last seen", false},
	NodesByRTT:      {"round-trip time", false},
	NodesByClient:   {"client", false},
	NodesByFamily:   {"address family", false},
}

// ShowNode selects a node in the routing table, and reports whether it is listed there.
func (st *State) ShowNode(s *dhtcore.Snapshot, id dhtcore.ID) bool {
	row := slices.IndexFunc(st.NodeRows(s), func(r NodeRow) bool { return r.ID == id })
	if row >= 0 {
		st.Select(s, NodeList, row)
	}
	return row >= 0
}

// NodeRows are the rows of the node list: all nodes or those of one bucket, sorted.
func (st *State) NodeRows(s *dhtcore.Snapshot) []NodeRow {
	rows := st.listedNodes(s)
	slices.SortStableFunc(rows, compareNodes(s, st.Orders[NodeList]))
	return rows
}

// listedNodes are the rows of the node list as they stand in the tables.
func (st *State) listedNodes(s *dhtcore.Snapshot) []NodeRow {
	rows := make([]NodeRow, 0, st.countNodes(s))
	for i := range s.Nodes {
		if st.Bucket != nil && st.Bucket.Vantage != i {
			continue
		}
		for j := range s.Nodes[i].Contacts {
			if c := &s.Nodes[i].Contacts[j]; st.Bucket == nil || st.Bucket.Index == c.Bucket {
				rows = append(rows, NodeRow{c, i})
			}
		}
	}
	return rows
}

// countNodes is how many rows NodeRows has.
func (st *State) countNodes(s *dhtcore.Snapshot) (n int) {
	for i := range s.Nodes {
		contacts := s.Nodes[i].Contacts
		switch {
		case st.Bucket == nil:
			n += len(contacts)
		case st.Bucket.Vantage == i:
			for j := range contacts {
				if contacts[j].Bucket == st.Bucket.Index {
					n++
				}
			}
		}
	}
	return n
}

// compareNodes compares as an order says. Nodes without a value come last, in both directions.
func compareNodes(s *dhtcore.Snapshot, o Order) func(a, b NodeRow) int {
	turn := 1
	if o.Reverse {
		turn = -1
	}
	switch o.By {
	case NodesByAge:
		return func(a, b NodeRow) int {
			return known(a.FirstSeen.IsZero(), b.FirstSeen.IsZero(), turn*a.FirstSeen.Compare(b.FirstSeen))
		}
	case NodesBySeen:
		return func(a, b NodeRow) int {
			x, y := a.LastSeen(), b.LastSeen()
			return known(x.IsZero(), y.IsZero(), turn*y.Compare(x))
		}
	case NodesByRTT:
		return func(a, b NodeRow) int { return known(a.RTT == 0, b.RTT == 0, turn*cmp.Compare(a.RTT, b.RTT)) }
	case NodesByClient:
		return func(a, b NodeRow) int {
			return known(a.Client == "", b.Client == "", turn*strings.Compare(a.Client, b.Client))
		}
	case NodesByFamily:
		return func(a, b NodeRow) int { return turn * a.Addr.Compare(b.Addr) } // IPv4 sorts before IPv6
	default:
		return func(a, b NodeRow) int {
			if a.Vantage != b.Vantage {
				return turn * cmp.Compare(a.Vantage, b.Vantage)
			}
			return turn * dhtcore.CompareDistance(s.Nodes[a.Vantage].ID, b.ID, a.ID)
		}
	}
}

// known sorts unknown values last, and the others by c.
func known(aUnknown, bUnknown bool, c int) int {
	switch {
	case aUnknown == bUnknown:
		return c
	case aUnknown:
		return 1
	default:
		return -1
	}
}

// nodeRow is the selected row of the node list; ok is false where there is none.
func (st *State) nodeRow(s *dhtcore.Snapshot) (n NodeRow, ok bool) {
	rows := st.NodeRows(s)
	if len(rows) == 0 {
		return NodeRow{}, false
	}
	return rows[Clamp(st.Lists[NodeList].Row, len(rows))], true
}

// Node is the selected node of the routing table, or nil.
func (st *State) Node(s *dhtcore.Snapshot) *dhtcore.TableNode {
	n, _ := st.nodeRow(s)
	return n.TableNode
}

// ChooseBucket lists the nodes of one bucket alone, that of the selected node, or all again. The selection
// stays.
func (st *State) ChooseBucket(s *dhtcore.Snapshot) {
	n, ok := st.nodeRow(s)
	if st.Bucket != nil || !ok {
		st.Bucket = nil
	} else {
		b := n.InBucket()
		st.Bucket = &b
	}
	if ok {
		st.put(NodeList, max(slices.Index(st.NodeRows(s), n), 0), n.pin())
	}
}

// TurnBucket lists the nodes of the bucket that is by buckets further on, from that of the selected node
// if all are listed.
func (st *State) TurnBucket(s *dhtcore.Snapshot, by int) {
	var all []NodeBucket
	for i := range s.Nodes {
		for _, b := range s.Nodes[i].Buckets {
			all = append(all, NodeBucket{i, b.Index})
		}
	}
	if len(all) == 0 {
		return
	}
	at := st.Bucket
	if at == nil {
		if n, ok := st.nodeRow(s); ok {
			b := n.InBucket()
			at = &b
		}
	}
	i := 0
	if at != nil {
		i = max(slices.Index(all, *at), 0) + by
	}
	st.Bucket = &all[(i%len(all)+len(all))%len(all)]
	st.Lists[NodeList] = Cursor{}
}

// pin identifies a row: several identities may know a node.
func (n NodeRow) pin() Pin { return Pin{ID: n.ID, Addr: n.Addr, At: int64(n.Vantage)} }

func nodePins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	nodes := st.NodeRows(s)
	return func(row int) Pin { return nodes[row].pin() }
}

// listAllNodes lists the nodes of all buckets again, if it was one bucket's.
func (st *State) listAllNodes(s *dhtcore.Snapshot) bool {
	if st.Bucket == nil {
		return false
	}
	st.ChooseBucket(s)
	return true
}

func whyNotOpenNode(st *State, _ *dhtcore.Snapshot) string {
	if st.Zoom {
		return "already open: esc goes back"
	}
	return ""
}

func selectedNode(st *State, s *dhtcore.Snapshot) (id dhtcore.ID, addr netip.AddrPort) {
	if n := st.Node(s); n != nil {
		return n.ID, n.Addr
	}
	return id, addr
}

func nodeAddr(st *State, s *dhtcore.Snapshot) (netip.AddrPort, bool) {
	_, addr := selectedNode(st, s)
	return addr, true
}
