package screen

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
	"dhtop/views/text"
)

// nodeLine is a row of the node list, as a filter sees it.
type nodeLine struct {
	NodeRow
	at      time.Time
	privacy text.Privacy
}

func (r *nodeLine) word() string { return NodeWord(r.TableNode, r.at) }

// nodeColumns is what filters can ask of a node.
var nodeColumns = slices.Concat(filter.Table[nodeLine]{
	{Field: filter.Field{Name: "state", Kind: filter.Enum, Help: "by its replies",
		Values:   []string{dhtcore.Good.String(), dhtcore.Questionable.String(), dhtcore.Bad.String(), Replacement},
		Synonyms: map[string]string{"spare": Replacement}},
		Text: func(dst []byte, r *nodeLine) []byte { return append(dst, r.word()...) }},
	glyphColumn((*nodeLine).word),
	numberColumn("bits", "that its ID shares with ours", func(r *nodeLine) int { return r.Bucket }, "bucket"),
	textColumn("node", "its ID", func(dst []byte, r *nodeLine) []byte { return appendID(dst, r.ID) }, "id", "hash"),
}, addrColumns(func(r *nodeLine) (netip.AddrPort, text.Privacy) { return r.Addr, r.privacy }), filter.Table[nodeLine]{
	wordColumn("bep42", "whether its ID fits its address", func(r *nodeLine) string { return r.Security().String() },
		[]string{dhtcore.ValidID.String(), dhtcore.WrongID.String(), dhtcore.ExemptID.String()}, "security"),
	{Field: filter.Field{Name: "age", Aliases: []string{"first"}, Kind: filter.Age, Help: "how long it has been known"},
		Number: func(r *nodeLine) float64 { return filter.Since(r.at, r.FirstSeen) }},
	{Field: filter.Field{Name: "seen", Kind: filter.Age, Help: "how long ago it was last heard from"},
		Number: func(r *nodeLine) float64 { return filter.Since(r.at, r.LastSeen()) }},
	durationColumn("rtt", "round-trip time", func(r *nodeLine) time.Duration { return r.RTT }, "ms"),
	textColumn("client", "name and version, as it says", func(dst []byte, r *nodeLine) []byte { return append(dst, r.Client...) }),
	numberColumn("fails", "queries since its last reply", func(r *nodeLine) int { return r.Fails }),
	numberColumn("vantage", "identity of ours that knows it", func(r *nodeLine) int { return r.Vantage + 1 }, "identity"),
})

func siftNodes(st *State, s *dhtcore.Snapshot, passes func(*nodeLine) bool) {
	line := nodeLine{at: s.At, privacy: st.Privacy()}
	s.Nodes = slices.Clone(s.Nodes)
	for i := range s.Nodes {
		line.Vantage = i
		s.Nodes[i].Contacts = kept(s.Nodes[i].Contacts, func(n *dhtcore.TableNode) bool {
			line.TableNode = n
			return passes(&line)
		})
	}
}

// NodeFilter is a compiled filter of nodes, for those who show them elsewhere than on a screen.
type NodeFilter = filter.Filter[nodeLine]

// ParseNodeFilter parses a filter of the node list; nil for one that says nothing.
func ParseNodeFilter(s string) (*NodeFilter, error) { return nodeColumns.Parse(s) }

// SortedNodes returns the nodes in the routing tables that pass a filter, as the node list sorts them. The filter sees
// as much of an address as p shows.
func SortedNodes(s *dhtcore.Snapshot, f *NodeFilter, o Order, p text.Privacy) []NodeRow {
	var buf []byte
	line := nodeLine{at: s.At, privacy: p}
	rows := slices.DeleteFunc((&State{}).listedNodes(s), func(r NodeRow) bool {
		line.NodeRow = r
		return !f.Match(&line, &buf)
	})
	slices.SortStableFunc(rows, compareNodes(s, o))
	return rows
}
