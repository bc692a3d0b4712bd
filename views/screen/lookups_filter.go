package screen

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
	"dhtop/views/text"
)

// lookupLine is a row of the list of lookups, as a filter sees it.
type lookupLine struct {
	*dhtcore.LookupState
	s *dhtcore.Snapshot
}

func (r *lookupLine) word() string { return LookupWord(r.LookupState) }

// lookupColumns is what filters can ask of a lookup.
var lookupColumns = filter.Table[lookupLine]{
	textColumn("hash", "what is looked up", func(dst []byte, r *lookupLine) []byte { return appendID(dst, r.Target) }, "target", "info_hash", "id"),
	textColumn("name", "the torrent's name, where it is known",
		func(dst []byte, r *lookupLine) []byte { return append(dst, NameOf(r.s, r.Target)...) }),
	wordColumn("for", "what it looks for", func(r *lookupLine) string { return SoughtWord(r.LookupState) },
		[]string{"peers", "nodes", "item"}),
	wordColumn("method", "of its queries", func(r *lookupLine) string { return r.Method.String() },
		[]string{dhtcore.GetPeers.String(), dhtcore.FindNode.String(), dhtcore.Get.String()}),
	wordColumn("state", "how it stands", (*lookupLine).word, []string{"done", "failed", "running"}),
	glyphColumn((*lookupLine).word),
	durationColumn("took", "how long it took, or takes", func(r *lookupLine) time.Duration { return r.Elapsed }),
	numberColumn("asked", "nodes asked", func(r *lookupLine) int { return r.Asked }),
	numberColumn("answered", "nodes that answered", func(r *lookupLine) int { return r.Replied }, "replied"),
	numberColumn("silent", "nodes that did not", func(r *lookupLine) int { return r.TimedOut }),
	numberColumn("lied", "nodes that lied", func(r *lookupLine) int { return r.Lied }),
	numberColumn("closest", "bits that the closest shares with the target", func(r *lookupLine) int { return r.ClosestBits }, "bits"),
	durationColumn("first", "until the first peer", func(r *lookupLine) time.Duration { return r.FirstPeer }),
	numberColumn("peers", "peers found", func(r *lookupLine) int { return len(r.Peers) }),
	{Field: filter.Field{Name: "seeds", Kind: filter.Number, Help: "as estimated (BEP 33)"},
		Number: func(r *lookupLine) float64 { return filter.Known(float64(r.Seeds), r.Scrapes > 0) }},
	{Field: filter.Field{Name: "leech", Aliases: []string{"leechers"}, Kind: filter.Number, Help: "the same, of downloaders"},
		Number: func(r *lookupLine) float64 { return filter.Known(float64(r.Leechers), r.Scrapes > 0) }},
	wordColumn("risk", "that liars led it astray", func(r *lookupLine) string { return RiskWord(r.LookupState) },
		[]string{dhtcore.LowRisk.String(), dhtcore.MediumRisk.String(), dhtcore.HighRisk.String()}),
	{Field: filter.Field{Name: "began", Aliases: []string{"seen", "started"}, Kind: filter.Age, Help: "how long ago it began"},
		Number: func(r *lookupLine) float64 { return filter.Since(r.s.At, r.Started) }},
	textColumn("error", "why it failed", func(dst []byte, r *lookupLine) []byte { return append(dst, r.Err...) }),
}

func siftLookups(_ *State, s *dhtcore.Snapshot, passes func(*lookupLine) bool) {
	line := lookupLine{s: s}
	s.Lookups = kept(s.Lookups, func(lk *dhtcore.LookupState) bool {
		line.LookupState = lk
		return passes(&line)
	})
}

// stepLine is a row of the nodes that a lookup asked, as a filter sees it.
type stepLine struct {
	*dhtcore.Step
	lk      *dhtcore.LookupState
	privacy text.Privacy
}

// asked is the state of a step that waits, as the list says it.
const asked = "asked"

func (r *stepLine) word() string {
	if r.State == dhtcore.InFlight {
		return asked
	}
	return StepWord(r.Step)
}

// stored reports whether the node stored what was announced or put, as the list says it; "" where it was not asked to.
func (r *stepLine) stored() string {
	for i := range r.lk.Stored {
		if receipt := &r.lk.Stored[i]; receipt.Addr == r.Addr {
			return yesOrNo(receipt.Err == nil)
		}
	}
	return ""
}

// stepColumns is what filters can ask of a node that a lookup asked.
var stepColumns = slices.Concat(filter.Table[stepLine]{
	wordColumn("state", "what came of the query", (*stepLine).word,
		[]string{dhtcore.Replied.String(), "late", dhtcore.TimedOut.String(), dhtcore.Lied.String(), asked}),
	glyphColumn((*stepLine).word),
	textColumn("node", "its ID", func(dst []byte, r *stepLine) []byte { return appendID(dst, r.ID) }, "id", "hash"),
	numberColumn("bits", "that its ID shares with the target", func(r *stepLine) int { return r.Bits }),
	durationColumn("rtt", "round-trip time", func(r *stepLine) time.Duration { return r.RTT }, "ms"),
	numberColumn("round", "hops from the nodes that we knew, from 1", func(r *stepLine) int { return r.Round }),
	numberColumn("told", "nodes that told of it", func(r *stepLine) int { return r.Referrers }),
	textColumn("first", "ID of the first that told of it",
		func(dst []byte, r *stepLine) []byte { return appendID(dst, r.Referrer) }, "by"),
	numberColumn("nodes", "contacts in its reply", func(r *stepLine) int { return r.Nodes }),
	numberColumn("peers", "peers in its reply", func(r *stepLine) int { return r.Peers }),
	wordColumn("token", "whether it gave one", func(r *stepLine) string { return yesOrNo(r.Token) }, yesNo),
	wordColumn("stored", "whether it stored what was announced", (*stepLine).stored, yesNo),
	textColumn("client", "name and version, as it says", func(dst []byte, r *stepLine) []byte { return append(dst, r.Client...) }),
}, addrColumns(func(r *stepLine) (netip.AddrPort, text.Privacy) { return r.Addr, r.privacy }))

var yesNo = []string{"yes", "no"}

// peerLine is a row of the peers that a lookup found, as a filter sees it.
type peerLine struct {
	*dhtcore.Peer
	privacy text.Privacy
}

// peerColumns is what filters can ask of a peer.
var peerColumns = slices.Concat(
	addrColumns(func(r *peerLine) (netip.AddrPort, text.Privacy) { return r.Addr, r.privacy }),
	filter.Table[peerLine]{
		durationColumn("found", "since the lookup began", func(r *peerLine) time.Duration { return r.Found }),
		numberColumn("told", "nodes that told of it", func(r *peerLine) int { return len(r.From) }),
		textColumn("first", "address of the first that told of it", func(dst []byte, r *peerLine) []byte {
			if len(r.From) == 0 {
				return dst
			}
			return text.AppendAddr(dst, r.From[0], r.privacy)
		}, "by"),
	})
