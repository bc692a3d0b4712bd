package report

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"dhtop/dhtcore"
)

// Node is a node of the routing table; its fields, in this order, are the columns of CSV as well.
type Node struct {
	ID        dhtcore.ID `json:"id"`
	Addr      string     `json:"addr"`
	State     string     `json:"state"`   // good, questionable, bad, or replacement: it waits for a place
	Vantage   int        `json:"vantage"` // which of our identities has it in its table, from 1
	Bucket    int        `json:"bucket"`  // bits shared with that identity
	BEP42     string     `json:"bep42"`   // valid, wrong or exempt
	Client    string     `json:"client"`  // "" when unknown
	RTTMS     int64      `json:"rtt_ms"`  // smoothed; 0 while not measured
	FirstSeen timestamp  `json:"first_seen"`
	LastSeen  timestamp  `json:"last_seen"` // when anything came from it
}

// NewNode returns the JSON form, at the time at, of a node in the table of a vantage, numbered from 1.
func NewNode(n *dhtcore.TableNode, vantage int, at time.Time, o Options) Node {
	out := Node{ID: n.ID, Addr: o.addr(n.Addr), State: n.State(at).String(), Vantage: vantage, Bucket: n.Bucket,
		BEP42: n.Security().String(), Client: o.Text(n.Client), RTTMS: millis(n.RTT),
		FirstSeen: timestamp(n.FirstSeen), LastSeen: timestamp(n.LastSeen())}
	if n.Replacement {
		out.State = "replacement"
	}
	return out
}

var nodeList = list[Node]{
	header: "id,addr,state,vantage,bucket,bep42,client,rtt_ms,first_seen,last_seen",
	csv: func(dst []byte, n *Node) []byte {
		dst = fmt.Appendf(dst, "%s,%s,%s,%d,%d,%s,", n.ID, n.Addr, n.State, n.Vantage, n.Bucket, n.BEP42)
		dst = appendField(dst, n.Client)
		dst = fmt.Appendf(dst, ",%d,", n.RTTMS)
		return n.LastSeen.append(append(n.FirstSeen.append(dst), ','))
	},
	plain: func(dst []byte, n *Node) []byte {
		dst = fmt.Appendf(dst, "%s  %-8s %3d bits  %-21s  %s", n.ID, n.State, n.Bucket, n.Addr, n.Client)
		return bytes.TrimRight(dst, " ")
	},
}

// WriteNodes writes nodes in the format f, which is not Magnet.
func WriteNodes(w io.Writer, f Format, nodes []Node) error { return nodeList.write(w, f, nodes) }
