package journal

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"dhtop/dhtcore/wire"
)

// PacketFilter selects packets by the words of their line. Create it with ParsePacketFilter; it is immutable.
type PacketFilter struct {
	text    string
	terms   []term
	pattern *regexp.Regexp
}

// term is a word that must be in a line, or must not.
type term struct {
	word []byte
	not  bool
}

// exact are the words that are not prefixes: "in" does not match "info_hash".
var exact = map[string]bool{"in": true, "out": true, "query": true, "reply": true, "error": true, "none": true,
	"ping": true, "get": true, "put": true}

// ParsePacketFilter parses a filter. It is either words that must all be in a packet's line, each a prefix of
// a method, a kind, an address, a hash or an ID ("get_peers", "in", "192.0.2.", "2d066c"), ":6881" for a
// port, "!word" for a word that must not be there; or "~" and a regular expression for the line. It returns
// nil for an empty filter.
func ParsePacketFilter(s string) (*PacketFilter, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, nil
	}
	f := &PacketFilter{text: s}
	if pattern, ok := strings.CutPrefix(s, "~"); ok {
		re, err := regexp.Compile(strings.TrimSpace(pattern))
		if err != nil {
			return nil, badPattern(err)
		}
		f.pattern = re
		return f, nil
	}
	for word := range strings.FieldsSeq(strings.ToLower(s)) {
		var t term
		if word, t.not = strings.CutPrefix(word, "!"); word == "" {
			continue
		}
		switch {
		case strings.HasPrefix(word, ":"):
			t.word = []byte(word + " ")
		case exact[word]:
			t.word = []byte(" " + word + " ")
		default:
			t.word = []byte(" " + word)
		}
		f.terms = append(f.terms, t)
	}
	return f, nil
}

// badPattern says what is wrong with a regular expression, without the name of Go's package.
func badPattern(err error) error {
	if bad := (*syntax.Error)(nil); errors.As(err, &bad) {
		return fmt.Errorf("invalid regular expression: %s: %s", bad.Code, bad.Expr)
	}
	return err
}

// String returns the filter as it was written, "" for nil.
func (f *PacketFilter) String() string {
	if f == nil {
		return ""
	}
	return f.text
}

// Match reports whether a packet with that line passes. A nil filter passes all.
func (f *PacketFilter) Match(line []byte) bool {
	if f == nil {
		return true
	}
	if f.pattern != nil {
		return f.pattern.Match(line)
	}
	for _, t := range f.terms {
		if bytes.Contains(line, t.word) == t.not {
			return false
		}
	}
	return true
}

// AppendLine appends the line that filters match: the way, the kind, the method, the address, the target and
// the sender's ID in hexadecimal, as far as they are known, separated by blanks. m is the scanned packet.
func (k *Packet) AppendLine(dst []byte, m *wire.Message) []byte {
	dst = append(append(dst, ' '), k.Way.String()...)
	dst = append(append(dst, ' '), KindName(k.Kind)...)
	if k.Kind == wire.KindQuery || k.Took > 0 || k.Method != wire.MethodUnknown {
		dst = append(append(dst, ' '), k.Method.String()...)
	}
	dst = k.Addr.AppendTo(append(dst, ' '))
	if k.HasTarget {
		dst = hex.AppendEncode(append(dst, ' '), k.Target[:])
	}
	if m.HasID {
		dst = hex.AppendEncode(append(dst, ' '), m.ID[:])
	}
	return append(dst, ' ')
}

// KindName returns the word for a kind of message: "query", "reply", "error" or "none".
func KindName(k wire.Kind) string {
	switch k {
	case wire.KindQuery:
		return "query"
	case wire.KindReply:
		return "reply"
	case wire.KindError:
		return "error"
	default:
		return "none"
	}
}
