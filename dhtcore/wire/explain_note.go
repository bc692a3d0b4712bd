package wire

import (
	"math"
	"math/bits"
	"strconv"
	"time"
)

// Note explains the value of f in a few words of printable text, "" when it needs no explanation. It never holds an
// address, as addresses may have to be masked.
func (f *Field) Note() string {
	switch {
	case f.Shape == Integer:
		return f.numberNote()
	case f.Shape != Bytes || !f.Meaning.Known:
		return ""
	}
	switch string(f.Key) {
	case "y":
		return kindNotes[kindOf(f.Bytes)]
	case "q":
		return methodNotes[methodOf(f.Bytes)]
	case "v":
		if f.Meaning.BEP == 5 {
			return ClientName(string(f.Bytes))
		}
	case "BFsd", "BFpe":
		if n, ok := filterCount(f.Bytes); ok {
			return "about " + strconv.Itoa(n)
		}
	case "k", "sig":
		return strconv.Itoa(len(f.Bytes)) + " bytes"
	}
	return ""
}

func (f *Field) numberNote() string {
	switch {
	case f.Key == nil && f.Meaning.BEP == 5:
		return codeNotes[f.Int]
	case string(f.Key) == "interval" && f.Int > 0 && f.Int < 1<<31:
		return (time.Duration(f.Int) * time.Second).String()
	default:
		return ""
	}
}

var kindNotes = [...]string{NoKind: "not a valid kind", KindQuery: "a query", KindReply: "a reply", KindError: "an error"}

var methodNotes = [Methods]string{
	MethodUnknown:    "an unknown method",
	Ping:             "are you there?",
	FindNode:         "which nodes do you know closest to target?",
	GetPeers:         "who has the torrent info_hash?",
	AnnouncePeer:     "I have the torrent info_hash",
	SampleInfohashes: "for which torrents do you store peers?",
	Get:              "do you store the item at target?",
	Put:              "store this item",
}

var codeNotes = map[int64]string{
	CodeGeneric:       "generic error",
	CodeServer:        "server error",
	CodeProtocol:      "protocol error: a malformed packet, an invalid argument or a bad token",
	CodeMethodUnknown: "method unknown",
	CodeValueTooBig:   "the value is too big",
	CodeSignature:     "invalid signature",
	CodeSaltTooBig:    "the salt is too big",
	CodeCAS:           "the stored version is not the one to overwrite (cas)",
	CodeOldSeq:        "a newer version is stored",
}

// filterCount estimates the number of addresses in a BEP 33 filter, by the formula given there.
func filterCount(b []byte) (n int, ok bool) {
	if len(b) != FilterLen {
		return 0, false
	}
	const m = FilterLen * 8
	zeros := 0
	for _, c := range b {
		zeros += 8 - bits.OnesCount8(c)
	}
	c := math.Min(m-1, math.Max(1, float64(zeros)))
	if zeros == m {
		return 0, true
	}
	return int(math.Round(math.Log(c/m) / (2 * math.Log(1-1.0/m)))), true
}

// ErrorMeaning says what a code of a KRPC error means, "" for an unknown code.
func ErrorMeaning(code int) string { return codeNotes[int64(code)] }
