package pkarr

import (
	"fmt"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// relative returns a name without the origin at its end: @ for the origin itself. Other names keep their last dot.
func relative(n dnsmessage.Name, origin string) string {
	name := n.String()
	lower := strings.ToLower(name)
	switch {
	case lower == origin+".":
		return "@"
	case strings.HasSuffix(lower, "."+origin+"."):
		return escape(name[:len(name)-len(origin)-2], special)
	}
	return escape(name, special)
}

// special are the characters that mean something in a name in a zone file, besides the dot.
const special = `"\;()@$ `

// escape escapes what is not printable, and the characters in special (RFC 1035, section 5.1).
func escape(s, special string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\%03d`, c)
		case strings.IndexByte(special, c) >= 0:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// quote returns a text as it stands in a zone file.
func quote(s string) string { return `"` + escape(s, `"\`) + `"` }

// quoted returns the texts of a TXT record.
func quoted(texts []string) string {
	all := make([]string, len(texts))
	for i, s := range texts {
		all[i] = quote(s)
	}
	return strings.Join(all, " ")
}
