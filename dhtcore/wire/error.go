package wire

import (
	"fmt"
	"strconv"

	"dhtop/dhtcore/printable"
)

// The error codes of BEP 5, and from CodeValueTooBig on those of BEP 44.
const (
	CodeGeneric       = 201
	CodeServer        = 202
	CodeProtocol      = 203
	CodeMethodUnknown = 204
	CodeValueTooBig   = 205
	CodeSignature     = 206
	CodeSaltTooBig    = 207
	CodeCAS           = 301 // the stored version is not the one to overwrite
	CodeOldSeq        = 302 // the stored version is as new or newer
)

// Error is a KRPC error reply.
type Error struct {
	Code int
	Text string // as it was sent; Error has it printable
}

// errorSentences say what the codes mean for who was refused, and what to do.
var errorSentences = map[int]struct{ meaning, remedy string }{
	CodeGeneric:       {"the node refuses", "other nodes may not"},
	CodeServer:        {"the node has a fault of its own", "try again later"},
	CodeProtocol:      {"bad token or malformed query", "try again, as tokens last for minutes"},
	CodeMethodUnknown: {"the node does not know this query", "ask others, as many know those of BEP 5 alone"},
	CodeValueTooBig:   {"the value is too big", fmt.Sprintf("store at most %d bytes, bencoded", MaxValue)},
	CodeSignature:     {"the signature is wrong", "sign the value with its salt and its sequence number, by the key of the item"},
	CodeSaltTooBig:    {"the salt is too big", fmt.Sprintf("use at most %d bytes", MaxSalt)},
	CodeCAS:           {"the stored version is not the one to overwrite", "get it, and pass its sequence number as cas"},
	CodeOldSeq:        {"a version as new or newer is stored", "store one with a higher sequence number"},
}

// Error implements error: a sentence with the code, what the node says beside it, and a remedy. What the node says is
// whole, so that the addresses in it can be masked.
func (e *Error) Error() string {
	s, known := errorSentences[e.Code]
	if !known {
		s.meaning = "the node refuses"
	}
	b := make([]byte, 0, 256)
	b = strconv.AppendInt(append(append(b, s.meaning...), " (error "...), int64(e.Code), 10)
	if text := printable.String(e.Text); text != "" {
		b = strconv.AppendQuote(append(b, ", "...), text)
	}
	b = append(b, ')')
	if s.remedy != "" {
		b = append(append(b, ": "...), s.remedy...)
	}
	return string(b)
}
