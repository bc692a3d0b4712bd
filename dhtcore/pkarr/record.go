package pkarr

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/dns/dnsmessage"

	"dhtop/dhtcore/printable"
)

// The types of records whose data dnsmessage does not read, or does not name.
var typeNames = map[dnsmessage.Type]string{
	13: "HINFO", 29: "LOC", 35: "NAPTR", 37: "CERT", 39: "DNAME", 43: "DS", 44: "SSHFP", 46: "RRSIG", 47: "NSEC",
	48: "DNSKEY", 52: "TLSA", 61: "OPENPGPKEY", 256: "URI", 257: "CAA",
}

// typeName is the name of a type in a zone file.
func typeName(t dnsmessage.Type) string {
	if name, ok := typeNames[t]; ok {
		return name
	}
	if name, ok := strings.CutPrefix(t.String(), "Type"); ok {
		return name
	}
	return "TYPE" + strconv.Itoa(int(t))
}

// className is the name of a class in a zone file.
func className(c dnsmessage.Class) string {
	switch c {
	case dnsmessage.ClassINET:
		return "IN"
	case dnsmessage.ClassCHAOS:
		return "CH"
	case dnsmessage.ClassHESIOD:
		return "HS"
	}
	return "CLASS" + strconv.Itoa(int(c))
}

// readRecord reads the record that p stands at. p is a copy, so that its caller's stays where it is.
func readRecord(p dnsmessage.Parser, h *dnsmessage.ResourceHeader, origin string) (Record, error) {
	at := p
	raw, err := p.UnknownResource()
	if err != nil {
		return Record{}, err
	}
	r := Record{Name: relative(h.Name, origin), TTL: h.TTL, Class: className(h.Class), Type: typeName(h.Type), Raw: raw.Data}
	if data, texts, ok := readData(&at, h, raw.Data, origin); ok {
		r.Data, r.Texts = data, texts
	} else {
		r.Data = unknown(raw.Data)
	}
	return r, nil
}

// readData returns what stands behind the type in a zone file, and the texts of a TXT record; false for a type that has no
// form of its own here, and for data that is not of its type.
func readData(p *dnsmessage.Parser, h *dnsmessage.ResourceHeader, raw []byte, origin string) (data string, texts []string, ok bool) {
	name := func(n dnsmessage.Name) string { return relative(n, origin) }
	var err error
	switch h.Type {
	case dnsmessage.TypeA, dnsmessage.TypeAAAA:
		ip, valid := netip.AddrFromSlice(raw)
		return ip.String(), nil, valid && ip.Is4() == (h.Type == dnsmessage.TypeA)
	case dnsmessage.TypeCNAME:
		var r dnsmessage.CNAMEResource
		r, err = p.CNAMEResource()
		data = name(r.CNAME)
	case dnsmessage.TypeNS:
		var r dnsmessage.NSResource
		r, err = p.NSResource()
		data = name(r.NS)
	case dnsmessage.TypePTR:
		var r dnsmessage.PTRResource
		r, err = p.PTRResource()
		data = name(r.PTR)
	case dnsmessage.TypeMX:
		var r dnsmessage.MXResource
		r, err = p.MXResource()
		data = fmt.Sprint(r.Pref, " ", name(r.MX))
	case dnsmessage.TypeSRV:
		var r dnsmessage.SRVResource
		r, err = p.SRVResource()
		data = fmt.Sprint(r.Priority, " ", r.Weight, " ", r.Port, " ", name(r.Target))
	case dnsmessage.TypeSOA:
		var r dnsmessage.SOAResource
		r, err = p.SOAResource()
		data = fmt.Sprint(name(r.NS), " ", name(r.MBox), " ", r.Serial, " ", r.Refresh, " ", r.Retry, " ", r.Expire, " ", r.MinTTL)
	case dnsmessage.TypeTXT:
		var r dnsmessage.TXTResource
		r, err = p.TXTResource()
		data = quoted(r.TXT)
		for _, text := range r.TXT {
			texts = append(texts, printable.String(text))
		}
	case dnsmessage.TypeSVCB:
		var r dnsmessage.SVCBResource
		r, err = p.SVCBResource()
		data = service(&r, origin)
	case dnsmessage.TypeHTTPS:
		var r dnsmessage.HTTPSResource
		r, err = p.HTTPSResource()
		data = service(&r.SVCBResource, origin)
	default:
		return "", nil, false
	}
	return data, texts, err == nil
}

// service is the data of an SVCB or HTTPS record (RFC 9460, section 2.1).
func service(r *dnsmessage.SVCBResource, origin string) string {
	parts := []string{strconv.Itoa(int(r.Priority)), relative(r.Target, origin)}
	for _, param := range r.Params {
		key, known := serviceKeys[param.Key]
		if !known {
			key = "key" + strconv.Itoa(int(param.Key))
		}
		if len(param.Value) > 0 {
			key += "=" + serviceValue(param.Key, param.Value)
		}
		parts = append(parts, key)
	}
	return strings.Join(parts, " ")
}

var serviceKeys = map[dnsmessage.SVCParamKey]string{
	0: "mandatory", 1: "alpn", 2: "no-default-alpn", 3: "port", 4: "ipv4hint", 5: "ech", 6: "ipv6hint",
}

// serviceValue is the value of a parameter of a service.
func serviceValue(key dnsmessage.SVCParamKey, value []byte) string {
	var parts []string
	switch key {
	case 1: // alpn: texts with their lengths before them
		for rest := value; len(rest) > 0; {
			n := int(rest[0])
			if n >= len(rest) {
				return quote(string(value))
			}
			parts = append(parts, escape(string(rest[1:1+n]), `"\,; `))
			rest = rest[1+n:]
		}
	case 3:
		if len(value) == 2 {
			return strconv.Itoa(int(binary.BigEndian.Uint16(value)))
		}
	case 4, 6:
		size := 4
		if key == 6 {
			size = 16
		}
		for rest := value; len(value)%size == 0 && len(rest) > 0; rest = rest[size:] {
			ip, _ := netip.AddrFromSlice(rest[:size])
			parts = append(parts, ip.String())
		}
	case 5:
		return base64.StdEncoding.EncodeToString(value)
	}
	if parts == nil {
		return quote(string(value))
	}
	return strings.Join(parts, ",")
}

// unknown is data in the form of RFC 3597, section 5.
func unknown(data []byte) string {
	if len(data) == 0 {
		return `\# 0`
	}
	return fmt.Sprintf(`\# %d %x`, len(data), data)
}
