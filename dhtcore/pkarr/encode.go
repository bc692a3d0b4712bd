package pkarr

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// ErrRecord is wrapped by the errors of Encode.
var ErrRecord = errors.New("want 'NAME TTL TYPE VALUE' with a TYPE of A, AAAA, CNAME, NS, PTR, MX, SRV or TXT, such as '@ 300 A 192.0.2.7'")

// Encode returns the DNS packet of records, each a line of a zone file: NAME TTL TYPE VALUE. NAME is relative to the key,
// @ for the key itself; a name that ends with a dot is left as it is. Strings of TXT may be quoted; without quotes the
// whole VALUE is one.
func Encode(lines []string, key []byte) ([]byte, error) {
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{Response: true, Authoritative: true})
	b.EnableCompression()
	if err := b.StartAnswers(); err != nil {
		return nil, err
	}
	origin := FormatKey(key)
	for _, line := range lines {
		if err := add(&b, line, origin); err != nil {
			return nil, fmt.Errorf("%.80q: %w: %w", line, err, ErrRecord)
		}
	}
	return b.Finish()
}

// add adds the record of a line.
func add(b *dnsmessage.Builder, line, origin string) error {
	fields := strings.Fields(line)
	if len(fields) < 4 {
		return errors.New("a part is missing")
	}
	name, err := absolute(fields[0], origin)
	if err != nil {
		return err
	}
	ttl, err := strconv.ParseUint(fields[1], 10, 31) // RFC 2181, section 8
	if err != nil {
		return fmt.Errorf("the TTL %q is no number of seconds", fields[1])
	}
	h := dnsmessage.ResourceHeader{Name: name, Class: dnsmessage.ClassINET, TTL: uint32(ttl)}
	value := line
	for _, field := range fields[:3] {
		value = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(value), field))
	}
	return addData(b, h, strings.ToUpper(fields[2]), value, origin)
}

// addData adds a record with the data of a value.
func addData(b *dnsmessage.Builder, h dnsmessage.ResourceHeader, kind, value, origin string) error {
	switch kind {
	case "A", "AAAA":
		ip, err := netip.ParseAddr(value)
		switch {
		case err != nil || ip.Is4() != (kind == "A") || ip.Zone() != "":
			return fmt.Errorf("%q is no address for %s", value, kind)
		case kind == "A":
			return b.AResource(h, dnsmessage.AResource{A: ip.As4()})
		}
		return b.AAAAResource(h, dnsmessage.AAAAResource{AAAA: ip.As16()})
	case "TXT":
		texts, err := splitTexts(value)
		if err != nil {
			return err
		}
		return b.TXTResource(h, dnsmessage.TXTResource{TXT: texts})
	}
	fields := strings.Fields(value)
	numbers, known := map[string]int{"CNAME": 0, "NS": 0, "PTR": 0, "MX": 1, "SRV": 3}[kind]
	switch {
	case !known:
		return fmt.Errorf("the type %q cannot be written", kind)
	case len(fields) != numbers+1:
		return fmt.Errorf("the value of %s has %d parts", kind, numbers+1)
	}
	var n [3]uint16
	for i, field := range fields[:numbers] {
		v, err := strconv.ParseUint(field, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number up to 65535", field)
		}
		n[i] = uint16(v)
	}
	to, err := absolute(fields[numbers], origin)
	if err != nil {
		return err
	}
	switch kind {
	case "CNAME":
		return b.CNAMEResource(h, dnsmessage.CNAMEResource{CNAME: to})
	case "NS":
		return b.NSResource(h, dnsmessage.NSResource{NS: to})
	case "PTR":
		return b.PTRResource(h, dnsmessage.PTRResource{PTR: to})
	case "MX":
		return b.MXResource(h, dnsmessage.MXResource{Pref: n[0], MX: to})
	}
	return b.SRVResource(h, dnsmessage.SRVResource{Priority: n[0], Weight: n[1], Port: n[2], Target: to})
}

// absolute is the reverse of relative, without escapes.
func absolute(name, origin string) (dnsmessage.Name, error) {
	switch {
	case name == "@":
		name = origin + "."
	case !strings.HasSuffix(name, "."):
		name += "." + origin + "."
	}
	return dnsmessage.NewName(name)
}

// maxText is the longest string of a TXT record.
const maxText = 255

// splitTexts returns the strings of a TXT record: those in quotes, or the whole value.
func splitTexts(value string) (texts []string, err error) {
	if !strings.HasPrefix(value, `"`) {
		return chunks(value), nil
	}
	for rest := value; rest != ""; rest = strings.TrimSpace(rest) {
		text, after, ok := cutQuoted(rest)
		if !ok {
			return nil, errors.New("a quote is open, or text stands outside of quotes")
		}
		texts, rest = append(texts, chunks(text)...), after
	}
	return texts, nil
}

// cutQuoted cuts a text in quotes off s. In it \" and \\ stand for the second character, \DDD for the byte of that number.
func cutQuoted(s string) (text, after string, ok bool) {
	if s[0] != '"' {
		return "", "", false
	}
	var b []byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return string(b), s[i+1:], true
		case c == '\\' && i+1 < len(s):
			if n, err := strconv.ParseUint(s[i+1:min(i+4, len(s))], 10, 8); err == nil && i+4 <= len(s) {
				b, i = append(b, byte(n)), i+3
				continue
			}
			i++
			b = append(b, s[i])
		default:
			b = append(b, c)
		}
	}
	return "", "", false
}

// chunks cuts a text into strings that a TXT record can hold.
func chunks(text string) (texts []string) {
	for ; len(text) > maxText; text = text[maxText:] {
		texts = append(texts, text[:maxText])
	}
	return append(texts, text)
}
