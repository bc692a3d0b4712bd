package snapshot

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/wire"
)

// HostCheck is what became of the last query to a bootstrap host over one address family.
type HostCheck struct {
	Host   string // host:port as configured
	Family wire.Family
	Found  int            // addresses of the family that its name has; 0 when it could not be resolved
	Addr   netip.AddrPort // that replied; invalid when none did
	RTT    time.Duration  // of the reply
	Err    string         // why it is of no use, printable; "" when it replied
	DNS    bool           // its name could not be resolved
	At     time.Time
}

// OK reports whether the host replied.
func (c *HostCheck) OK() bool { return c.Err == "" }

// WrongFamily reports whether the host has addresses of the other family alone.
func (c *HostCheck) WrongFamily() bool { return c.Found == 0 && !c.DNS }

// NodeChecks are how many nodes were asked for the doctor, by what is known of them, and how many replied. Nodes of a local
// network are not counted. The zero value is nothing asked, or not for the doctor.
type NodeChecks struct {
	Lately, LatelyReplied int // that replied to an earlier run, within a day
	Old, OldReplied       int // that did so before, or nobody knows when
	Named, NamedReplied   int // that were not known before this run: others have named them
}

// What the numbers of NodeChecks show. Of nodes that others name about half reply, of those that did within a day more.
const (
	enoughChecked = 50  // nodes of an earlier run, from which on their silence says something
	enoughNamed   = 10  // the same of named ones, where those of an earlier run are silent as well
	manyNamed     = 40  // the same without any of an earlier run
	fewNamed      = 0.1 // of the named ones that reply: fewer than dead contacts explain
	oldTable      = 0.2 // of the nodes of an earlier run that reply: fewer are an old table, where the named ones do reply
)

// Filtered reports whether somebody on the way drops what nodes send: nearly all are silent, even those of which that cannot
// be their age. Where nobody replies at all there is no network.
func (n *NodeChecks) Filtered() bool {
	lately := n.Lately >= enoughChecked && below(n.LatelyReplied, n.Lately, FilteredBelow)
	switch {
	case lately:
		return n.Named < enoughNamed || below(n.NamedReplied, n.Named, fewNamed)
	case n.Lately < enoughChecked:
		return n.Named >= manyNamed && below(n.NamedReplied, n.Named, FilteredBelow)
	}
	return false
}

// Outdated reports whether the silence of many is that of a saved table whose nodes have gone.
func (n *NodeChecks) Outdated() bool {
	saved, replied := n.Lately+n.Old, n.LatelyReplied+n.OldReplied
	return saved > 0 && below(replied, saved, oldTable) && n.Named >= enoughNamed && !below(n.NamedReplied, n.Named, oldTable)
}

// below reports whether less than a share of some replied.
func below(replied, of int, share float64) bool { return float64(replied) < share*float64(of) }

// Sentence says how many reply.
func (n *NodeChecks) Sentence() string {
	saved, replied := n.Lately, n.LatelyReplied
	text := "of %s that replied within a day before"
	if n.Lately < enoughChecked && n.Old > 0 {
		saved, replied, text = n.Lately+n.Old, n.LatelyReplied+n.OldReplied, "of %s of an earlier run"
	}
	var parts []string
	if saved > 0 {
		parts = append(parts, fmt.Sprintf(text, human.Amount(saved, "node", "nodes"))+" "+human.Count(replied)+" "+human.Plural(replied, "replies", "reply")+" now")
	}
	if n.Named > 0 {
		parts = append(parts, fmt.Sprintf("of %s that others name %s %s", human.Count(n.Named), human.Count(n.NamedReplied), human.Plural(n.NamedReplied, "does", "do")))
	}
	return strings.Join(parts, ", ")
}
