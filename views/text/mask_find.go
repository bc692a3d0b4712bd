package text

import (
	"net/netip"
	"strconv"
	"strings"
)

// secret is something in a text that a Mask hides: an address and its port, or an ID of ours.
type secret struct {
	from, to int
	addr     netip.AddrPort // invalid for an ID
}

// find returns what must be hidden in s, in order.
func (m *Mask) find(s string) (found []secret) {
	for i := 0; i < len(s); {
		f, ok := findAddr6(s, i)
		if !ok {
			f, ok = findAddr4(s, i)
		}
		if !ok {
			f, ok = m.findOwn(s, i)
		}
		if !ok {
			i++
			continue
		}
		found = append(found, f)
		i = f.to
	}
	return found
}

// findAddr4 finds an IPv4 address that begins at i, with its port. At the end of a text or before an ellipsis,
// three numbers and a dot are enough: somebody is typing the address, or it was cut.
func findAddr4(s string, i int) (secret, bool) {
	if i > 0 && digit(s[i-1]) {
		return secret{}, false
	}
	var ip [4]byte
	from := i
	for n := range ip {
		part := digits(s[i:], 3)
		value, err := strconv.ParseUint(part, 10, 8)
		if part == "" && n == 3 && (i == len(s) || strings.HasPrefix(s[i:], string(Ellipsis))) {
			break
		}
		if err != nil {
			return secret{}, false
		}
		ip[n] = byte(value)
		i += len(part)
		if n == 3 {
			break
		}
		if i == len(s) || s[i] != '.' {
			return secret{}, false
		}
		i++
	}
	if i < len(s) && digit(s[i]) {
		return secret{}, false
	}
	return secret{from, i + portLen(s[i:]), netip.AddrPortFrom(netip.AddrFrom4(ip), 0)}, true
}

// maxAddr6 is the length of the longest IPv6 address: eight groups, the last two as IPv4.
const maxAddr6 = len("0000:0000:0000:0000:0000:0000:255.255.255.255")

// findAddr6 finds an IPv6 address that begins at i, bare or in brackets, with its zone and port.
func findAddr6(s string, i int) (secret, bool) {
	from := i
	bracket := i < len(s) && s[i] == '['
	if bracket {
		i++
	}
	if i > 0 && alnum(s[i-1]) {
		return secret{}, false
	}
	end := i
	for end < len(s) && end-i < maxAddr6 && (hexDigit(s[end]) || s[end] == ':' || s[end] == '.') {
		end++
	}
	if strings.Count(s[i:end], ":") < 2 {
		return secret{}, false
	}
	for ; end > i+2; end-- { // a colon or a dot may follow it
		addr, err := netip.ParseAddr(s[i:end])
		if err != nil || addr.Is4() || addr.IsUnspecified() {
			continue
		}
		f := secret{from, end + zoneLen(s[end:]), netip.AddrPortFrom(addr, 0)}
		if bracket && strings.HasPrefix(s[f.to:], "]") {
			f.to += 1 + portLen(s[f.to+1:])
		} else {
			f.from = i
		}
		return f, true
	}
	return secret{}, false
}

// findOwn finds an ID of ours, or its first digits, in a number that begins at i.
func (m *Mask) findOwn(s string, i int) (secret, bool) {
	if i > 0 && hexDigit(s[i-1]) {
		return secret{}, false
	}
	end := i
	for end < len(s) && hexDigit(s[end]) {
		end++
	}
	if end-i < ownDigits {
		return secret{}, false
	}
	for at := i; at+ownDigits <= end; at++ {
		if m.ownAt(s[at : at+ownDigits]) {
			return secret{from: i, to: end}, true
		}
	}
	return secret{}, false
}

// digits returns the decimal digits at the start of s, at most n.
func digits(s string, n int) string {
	i := 0
	for i < len(s) && i < n && digit(s[i]) {
		i++
	}
	return s[:i]
}

// portLen returns the length of the port at the start of s, its colon included.
func portLen(s string) int {
	if !strings.HasPrefix(s, ":") {
		return 0
	}
	if n := len(digits(s[1:], 5)); n > 0 {
		return 1 + n
	}
	return 0
}

// zoneLen returns the length of the zone at the start of s, its percent sign included.
func zoneLen(s string) int {
	if !strings.HasPrefix(s, "%") {
		return 0
	}
	i := 1
	for i < len(s) && alnum(s[i]) {
		i++
	}
	return i
}

func digit(c byte) bool    { return c >= '0' && c <= '9' }
func hexDigit(c byte) bool { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
func alnum(c byte) bool    { return digit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }
