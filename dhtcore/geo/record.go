package geo

import (
	"strconv"
	"strings"

	"dhtop/dhtcore/printable"
)

// read takes over what a record says and nobody has said before. The keys are those of MaxMind and DB-IP, then those of IPinfo and
// of the flat files of others.
func (p *Place) read(r map[string]any) {
	country := dict(r, "country")
	if country == nil {
		country = dict(r, "registered_country") // of whom the addresses belong to, where nobody knows where they are
	}
	code := first(text(country, "iso_code"), text(r, "country_code"))
	name := first(text(dict(country, "names"), "en"), text(r, "country_name"))
	switch flat := text(r, "country"); {
	case isCode(flat):
		code = first(code, flat)
	default:
		name = first(name, flat)
	}
	if code = strings.ToUpper(code); p.Country == "" && isCode(code) {
		p.Country, p.Name = code, name
	}
	p.City = first(p.City, text(dict(dict(r, "city"), "names"), "en"), text(r, "city"))
	if p.ASN != 0 {
		return
	}
	for _, from := range []map[string]any{r, dict(r, "traits"), dict(r, "asn")} {
		for _, key := range []string{"autonomous_system_number", "asn", "as_number"} {
			if p.ASN = number(from[key]); p.ASN != 0 {
				p.Org = first(text(from, "autonomous_system_organization"), text(from, "as_name"), text(from, "as_organization"), //nolint:misspell // their keys
					text(from, "name"), text(from, "org"))
				return
			}
		}
	}
}

func dict(r map[string]any, key string) map[string]any {
	d, _ := r[key].(map[string]any)
	return d
}

// longest bounds a text of a file, in bytes.
const longest = 80

func text(r map[string]any, key string) string {
	s, _ := r[key].(string)
	if len(s) > longest {
		s = strings.ToValidUTF8(s[:longest], "")
	}
	return printable.String(s)
}

// number reads 24940 and "AS24940"; 0 for anything else.
func number(v any) uint32 {
	switch v := v.(type) {
	case uint64:
		if v <= 1<<32-1 {
			return uint32(v)
		}
	case string:
		if n, err := strconv.ParseUint(strings.TrimPrefix(strings.ToUpper(v), "AS"), 10, 32); err == nil {
			return uint32(n)
		}
	}
	return 0
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func isCode(s string) bool { return len(s) == 2 && letter(s[0]) && letter(s[1]) }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
