package report

import (
	"bufio"
	"encoding/hex"
	"io"
	"strconv"

	"dhtop/dhtcore"
)

// number says under which name an event's counts appear; "" for a kind that has none. A kind's own
// count is always there, as 0 is an answer too; other fields are left out when they are not set.
type number struct{ n, more string }

var numbers = map[dhtcore.EventKind]number{
	dhtcore.Announced:  {n: "peers"},
	dhtcore.Sampled:    {n: "hashes", more: "new"},
	dhtcore.Found:      {n: "peers"},
	dhtcore.LookupStep: {n: "distance_bits"},
	dhtcore.LookupDone: {n: "peers"},
	dhtcore.Tracked:    {n: "peers"},
}

// AppendEvent appends e as one line of the event streams, "serve --ndjson" and the like:
//
//	{"seq":1,"at":"..","kind":"..","info_hash":"..","id":"..","addr":"..","peers":1,"text":".."}
//
// "addr" is the node that sent it, but the peer in "announced" and "tracked". "sampled" has "hashes", "new" and
// "wait_ms"; "lookup_step" has "distance_bits" as Closest does; "requested" has "maintenance" where it looks like that;
// "alert" has its "rule", and "firing", which is false when it is over.
func AppendEvent(dst []byte, e *dhtcore.Event, o Options) []byte {
	dst = strconv.AppendUint(append(dst, `{"seq":`...), e.Seq, 10)
	dst = appendTime(append(dst, `,"at":"`...), e.At)
	dst = append(append(dst, `","kind":"`...), e.Kind.String()...)
	dst = append(dst, '"')
	if !e.Hash.Zero() {
		dst = appendHex(dst, "info_hash", e.Hash)
	}
	if !e.ID.Zero() {
		dst = appendHex(dst, "id", e.ID)
	}
	if e.Addr.IsValid() {
		dst = append(o.appendAddr(append(dst, `,"addr":"`...), e.Addr), '"')
	}
	if name := numbers[e.Kind]; name.n != "" {
		n := e.N
		if e.Kind == dhtcore.LookupStep {
			n = idBits - n
		}
		dst = appendInt(dst, name.n, int64(n))
		if name.more != "" {
			dst = appendInt(dst, name.more, int64(e.New))
		}
	}
	if e.Wait != 0 {
		dst = appendInt(dst, "wait_ms", millis(e.Wait))
	}
	if e.Maintenance {
		dst = append(dst, `,"maintenance":true`...)
	}
	if e.Kind == dhtcore.Alerted {
		dst = appendJSON(append(dst, `,"rule":`...), e.Rule)
		dst = strconv.AppendBool(append(dst, `,"firing":`...), e.N > 0)
	}
	if e.Text != "" {
		dst = appendJSON(append(dst, `,"text":`...), o.Masking().Text(e.Text))
	}
	return append(dst, "}\n"...)
}

// WriteEvents writes events as AppendEvent does, one a line.
func WriteEvents(w io.Writer, events []*dhtcore.Event, o Options) error {
	b := bufio.NewWriter(w)
	var line []byte
	for _, e := range events {
		line = AppendEvent(line[:0], e, o)
		b.Write(line) //nolint:errcheck // bufio keeps the error for Flush
	}
	return b.Flush()
}

func appendHex(dst []byte, name string, id dhtcore.ID) []byte {
	dst = append(append(append(dst, `,"`...), name...), `":"`...)
	return append(hex.AppendEncode(dst, id[:]), '"')
}

func appendInt(dst []byte, name string, n int64) []byte {
	dst = append(append(append(dst, `,"`...), name...), `":`...)
	return strconv.AppendInt(dst, n, 10)
}
