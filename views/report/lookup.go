package report

import (
	"fmt"
	"io"
	"math"

	"dhtop/dhtcore"
)

// idBits is the distance, in bits, of two IDs that share no prefix.
const idBits = 8 * len(dhtcore.ID{})

// Lookup is one object of "peers --json", and one line of "peers --ndjson".
type Lookup struct {
	Kind     string     `json:"kind,omitempty"`   // KindLookup in the stream of --ndjson
	Method   string     `json:"method,omitempty"` // find_node or get; not there for a search for peers, of info_hash
	InfoHash dhtcore.ID `json:"info_hash"`
	Identity
	Name          *string   `json:"name"`
	NameError     *string   `json:"name_error,omitempty"` // why it is not known, though it was asked for
	Torrent       *Torrent  `json:"torrent,omitempty"`
	Peers         []Peer    `json:"peers"`          // in the order of finding
	SeedsEstimate *int      `json:"seeds_estimate"` // null while no node has told (BEP 33)
	PeersEstimate *int      `json:"peers_estimate"` // of the whole swarm, at least the peers found; null when nothing is known
	FirstPeerMS   *int64    `json:"first_peer_ms"`  // null when there is none
	ElapsedMS     int64     `json:"elapsed_ms"`
	Queries       int       `json:"queries"`
	Replies       int       `json:"replies"`
	Timeouts      int       `json:"timeouts"`
	PacketsOut    int       `json:"packets_out"`
	Lied          int       `json:"lied"`                  // answers of no use
	FalsePeers    int       `json:"false_peers,omitempty"` // left out, as they cannot be any: private addresses told by strangers, for one
	Late          int       `json:"late"`                  // replies after their slot was given away, used all the same
	Coverage      float64   `json:"coverage"`              // estimated share of the swarm that was found, 0-1; 1 when no node gave any
	Risk          Risk      `json:"eclipse_risk"`
	Error         *string   `json:"error"` // why it ended early
	Rounds        []Round   `json:"rounds"`
	Closest       []Closest `json:"closest"`         // that answered, closest first
	Steps         []Step    `json:"steps,omitempty"` // in the order of asking; with Options.Steps
}

// The kinds of the objects in the stream of "peers --ndjson", and of the one that closes "crawl --ndjson".
const (
	KindPeer    = "peer"
	KindLookup  = "lookup"
	KindSummary = "summary"
	KindError   = "error"
)

// Peer is a peer and the nodes that told of it.
type Peer struct {
	Addr    string   `json:"addr"`
	From    []string `json:"from"`
	FoundMS int64    `json:"found_ms"`
}

// FoundPeer is a peer in the stream of "peers --ndjson".
type FoundPeer struct {
	Kind     string     `json:"kind"`
	InfoHash dhtcore.ID `json:"info_hash"`
	Peer
}

// BadLine is a line of input that names no torrent, in the stream of "peers --ndjson".
type BadLine struct {
	Kind  string `json:"kind"` // KindError
	Line  int    `json:"line"` // from 1
	Error string `json:"error"`
}

// NewBadLine returns a bad line and what is wrong with it.
func NewBadLine(line int, err error, o Options) BadLine {
	return BadLine{KindError, line, o.Text(err.Error())}
}

// Closest is one of the nodes closest to the hash.
type Closest struct {
	ID           dhtcore.ID `json:"id"`
	Addr         string     `json:"addr"`
	DistanceBits int        `json:"distance_bits"` // length of the distance: 160 less the shared prefix
	RTTMS        int64      `json:"rtt_ms"`
	Token        bool       `json:"token"`  // it let us announce
	Client       string     `json:"client"` // "" when unknown
}

// NewLookup returns the JSON form of a lookup. Every query of a lookup is one packet.
func NewLookup(l *dhtcore.LookupState, o Options) Lookup {
	out := Lookup{
		InfoHash:   l.Target,
		Peers:      make([]Peer, len(l.Peers)),
		ElapsedMS:  millis(l.Elapsed),
		Queries:    l.Queries,
		Replies:    l.Replied,
		Timeouts:   l.TimedOut,
		PacketsOut: l.Queries,
		Lied:       l.Lied,
		Late:       l.Late,
		FalsePeers: l.FalsePeers(),
		Coverage:   math.Round(1000*l.Coverage) / 1000,
		Risk:       newRisk(&l.Risk),
		Error:      nullable(o.Text(l.Err)),
		Rounds:     newRounds(l),
		Closest:    make([]Closest, len(l.Closest)),
	}
	if l.Scrapes > 0 {
		seeds := l.Seeds
		out.SeedsEstimate = &seeds
	}
	if l.Scrapes > 0 || len(l.Peers) > 0 {
		swarm := l.SwarmEstimate()
		out.PeersEstimate = &swarm
	}
	if len(l.Peers) > 0 {
		first := millis(l.FirstPeer)
		out.FirstPeerMS = &first
	}
	if l.Method == dhtcore.FindNode || l.Method == dhtcore.Get {
		out.Method = l.Method.String()
	}
	for i := range l.Peers {
		out.Peers[i] = newPeer(&l.Peers[i], o)
	}
	for i, s := range l.Closest {
		out.Closest[i] = Closest{s.ID, o.addr(s.Addr), idBits - s.Bits, millis(s.RTT), s.Token, o.Text(s.Client)}
	}
	if o.Steps {
		out.Steps = newSteps(l, o)
	}
	return out
}

func newPeer(p *dhtcore.Peer, o Options) Peer {
	out := Peer{Addr: o.addr(p.Addr), From: make([]string, len(p.From)), FoundMS: millis(p.Found)}
	for i, from := range p.From {
		out.From[i] = o.addr(from)
	}
	return out
}

// NewFoundPeer returns a peer of hash in the form of the NDJSON stream.
func NewFoundPeer(hash dhtcore.ID, p dhtcore.Peer, o Options) FoundPeer {
	return FoundPeer{KindPeer, hash, newPeer(&p, o)}
}

// WritePeers writes the plain form of a lookup: its peers, one a line, and what it took as a comment.
func WritePeers(w io.Writer, l *dhtcore.LookupState, o Options) error {
	text := fmt.Appendf(nil, "# %s: %s, %s asked, %d replied, %d ms", l.Target,
		count(len(l.Peers), "peer"), count(l.Asked, "node"), l.Replied, millis(l.Elapsed))
	if n := l.FalsePeers(); n > 0 {
		text = fmt.Appendf(text, ", %s left out", count(n, "false peer"))
	}
	if l.Err != "" && len(l.Peers) == 0 {
		text = append(append(text, ", failed: "...), o.Text(l.Err)...)
	}
	text = append(text, '\n')
	for _, p := range l.Peers {
		text = append(o.appendAddr(text, p.Addr), '\n')
	}
	_, err := w.Write(text)
	return err
}

// PeersHeader is the header line of WritePeersCSV.
const PeersHeader = "info_hash,peer,told_by,found_ms"

// WritePeersCSV writes a line for each peer of a lookup: how many nodes told of it, and after how long it
// was found.
func WritePeersCSV(w io.Writer, l *dhtcore.LookupState, o Options) error {
	var text []byte
	for _, p := range l.Peers {
		text = fmt.Appendf(text, "%s,%s,%d,%d\n", l.Target, o.addr(p.Addr), len(p.From), millis(p.Found))
	}
	_, err := w.Write(text)
	return err
}
