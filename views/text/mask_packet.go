package text

import (
	"bytes"
	"net/netip"

	"dhtop/dhtcore"
)

// HiddenBytes marks the bytes of a packet that are not shown: those of addresses and of our own IDs, in
// whatever form, and of all that may hold either. Every byte keeps its place, so that the offsets and
// lengths of what is around it can still be read. It is nil without a mask.
func HiddenBytes(p *dhtcore.Packet, fields []dhtcore.Field, m *Mask) []bool {
	if m == nil {
		return nil
	}
	hidden := make([]bool, len(p.Payload))
	hide := func(from, to int) {
		for i := from; i < to; i++ {
			hidden[i] = true
		}
	}
	for i := range fields {
		from, to := secretPart(&fields[i], m)
		hide(from, to)
	}
	for _, span := range m.Spans(string(p.Payload)) {
		hide(span[0], span[1])
	}
	for _, secret := range secretBytes(p, fields, m) {
		for at := 0; at < len(p.Payload); at++ {
			i := bytes.Index(p.Payload[at:], secret)
			if i < 0 {
				break
			}
			at += i
			hide(at, at+len(secret))
		}
	}
	return hidden
}

// secretPart is the part of a field that is hidden for what the field is.
func secretPart(f *dhtcore.Field, m *Mask) (from, to int) {
	content := f.To - len(f.Bytes)
	switch {
	case !f.Meaning.Known: // nor is its key
		return f.From, f.To
	case f.HasID && m.Owns(f.ID), mayTell(f):
		return content, f.To
	case f.Shape == dhtcore.Part: // its ID may be seen
		return min(f.From+len(f.ID), f.To), f.To
	}
	return 0, 0
}

// mayTell reports whether a string is an address or may hold one: all but those that the protocol gives another
// meaning.
func mayTell(f *dhtcore.Field) bool {
	const wantBEP, itemBEP = 32, 44
	switch {
	case f.Shape == dhtcore.Malformed:
		return true
	case f.Shape != dhtcore.Bytes:
		return false
	case f.Depth > 2: // peers, the text of an error, the inside of an item
		return f.Meaning.BEP != wantBEP
	}
	switch string(f.Key) {
	case "t", "y", "q", "token", "k", "sig", "salt", "BFsd", "BFpe":
		return false
	case "v": // the version of a client, or an item
		return f.Meaning.BEP == itemBEP
	default:
		return f.Int == 0 && !f.HasID
	}
}

// secretBytes are the compact forms of the addresses that a packet is known to hold, and our IDs: a token
// or a transaction ID may be made of them.
func secretBytes(p *dhtcore.Packet, fields []dhtcore.Field, m *Mask) (secrets [][]byte) {
	add := func(ip netip.Addr) {
		if ip = ip.Unmap(); ip.IsValid() && !ip.IsUnspecified() {
			secrets = append(secrets, ip.AsSlice())
		}
	}
	add(p.Addr.Addr())
	for i := range fields {
		add(fields[i].Addr.Addr())
	}
	for i := range m.Addrs {
		add(m.Addrs[i])
	}
	for i := range m.Own {
		secrets = append(secrets, m.Own[i][:])
	}
	return secrets
}
