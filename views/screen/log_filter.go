package screen

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore"
	"dhtop/dhtcore/filter"
	"dhtop/views/text"
)

// logLine is a line of the log, as a filter sees it.
type logLine struct {
	LogRow
	s       *dhtcore.Snapshot
	privacy text.Privacy
}

// EventWord is what a kind of event is called in the log; "" for one that is left out.
func EventWord(k dhtcore.EventKind) string { return eventWords[k] }

var eventWords = map[dhtcore.EventKind]string{
	dhtcore.Requested: "requested", dhtcore.Announced: "announced", dhtcore.Sampled: "sampled", dhtcore.Found: "finding",
	dhtcore.NodeJoined: "joined", dhtcore.NodeLeft: "left", dhtcore.LookupStarted: "looking up", dhtcore.LookupDone: "looked up",
	dhtcore.CrawlStep: "crawl", dhtcore.Warning: "warning", dhtcore.Named: "named", dhtcore.Reachable: "reachable",
	dhtcore.ItemStored: "stored", dhtcore.Tracked: "tracked", dhtcore.Alerted: "alert",
}

// eventKinds are the values of the field kind: those of the event streams.
func eventKinds() (kinds []string) {
	for k := range eventWords {
		kinds = append(kinds, k.String())
	}
	slices.Sort(kinds)
	return kinds
}

// logColumns is what filters can ask of a line of the log.
var logColumns = slices.Concat(filter.Table[logLine]{
	wordColumn("kind", "of event, as in the streams", func(r *logLine) string { return r.Kind.String() }, eventKinds()),
	{Text: func(dst []byte, r *logLine) []byte { return append(dst, EventWord(r.Kind)...) }},
	wordColumn("level", "of the log", func(r *logLine) string { return LevelOf(r.Event).String() }, logLevels[:]),
	textColumn("hash", "the info_hash", func(dst []byte, r *logLine) []byte { return appendID(dst, r.Hash) }, "info_hash"),
	textColumn("name", "the torrent's name, where it is known",
		func(dst []byte, r *logLine) []byte { return append(dst, NameOf(r.s, r.Hash)...) }),
	textColumn("node", "the ID of the node", func(dst []byte, r *logLine) []byte { return appendID(dst, r.ID) }, "id"),
}, addrColumns(func(r *logLine) (netip.AddrPort, text.Privacy) { return r.Addr, r.privacy }), filter.Table[logLine]{
	numberColumn("peers", "found, or in the swarm", func(r *logLine) int {
		switch r.Kind {
		case dhtcore.Found:
			return r.Peers
		case dhtcore.Announced, dhtcore.LookupDone:
			return r.N
		default:
			return 0
		}
	}),
	textColumn("text", "what a warning says", func(dst []byte, r *logLine) []byte { return append(dst, r.Text...) }),
	{Field: filter.Field{Name: "seen", Aliases: []string{"age"}, Kind: filter.Age, Help: "how long ago it happened"},
		Number: func(r *logLine) float64 { return filter.Since(r.s.At, r.At) }},
	durationColumn("wait", "until a sampled node may be asked again", func(r *logLine) time.Duration { return r.Wait }),
})
