package tracker

import (
	"math"
	"net/netip"
	"strconv"

	"dhtop/dhtcore/wire"
)

// failure is why a request over HTTP is refused: a sentence for its sender.
type failure struct {
	reason string
	never  bool // the same request fails again however late it comes (BEP 31)
	why    Reason
}

// param is a parameter of a query string that we know.
type param uint8

// The parameters.
const (
	infoHash param = iota
	peerID
	port
	uploaded
	downloaded
	left
	event
	numwant
	compact
	noPeerID
	ipParam
	ipv4Param
	ipv6Param
	params
)

var paramNames = [params]string{"info_hash", "peer_id", "port", "uploaded", "downloaded", "left", "event", "numwant", "compact",
	"no_peer_id", "ip", "ipv4", "ipv6"}

// mayRepeat are the parameters that clients send more than once; the last one counts.
var mayRepeat = [params]bool{ipParam: true, ipv4Param: true, ipv6Param: true}

func paramOf(name []byte) (p param, known bool) {
	for p, known := range paramNames {
		if string(name) == known {
			return param(p), true
		}
	}
	return 0, false
}

// nextParam cuts the next parameter off a query string and decodes it in place. name is nil for an empty one.
func nextParam(query []byte) (name, value, rest []byte, ok bool) {
	end := len(query)
	for i, c := range query {
		if c == '&' {
			end = i
			break
		}
	}
	part, rest := query[:end], query[min(end+1, len(query)):]
	split := len(part)
	for i, c := range part {
		if c == '=' {
			split = i
			break
		}
	}
	name, ok = unescape(part[:split])
	if !ok {
		return nil, nil, rest, false
	}
	value, ok = unescape(part[min(split+1, len(part)):])
	return name, value, rest, ok
}

// unescape decodes percent-encoding and "+" in place.
func unescape(b []byte) (decoded []byte, ok bool) {
	n := 0
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch c {
		case '%':
			if i+2 >= len(b) {
				return nil, false
			}
			high, low := unhex[b[i+1]], unhex[b[i+2]]
			if high|low > 15 {
				return nil, false
			}
			c = high<<4 | low
			i += 2
		case '+':
			c = ' '
		}
		b[n] = c
		n++
	}
	return b[:n], true
}

// unhex is the value of each hexadecimal digit, 255 for all other bytes.
var unhex = func() (values [256]byte) {
	for i := range values {
		values[i] = 255
		if n, err := strconv.ParseUint(string(rune(i)), 16, 8); err == nil && i < 128 {
			values[i] = byte(n)
		}
	}
	return values
}()

// announceQuery is an announce over HTTP: the request, and the form of its answer.
type announceQuery struct {
	Request
	port              uint16
	compact, noPeerID bool
}

var (
	badEncoding = failure{"invalid percent-encoding in the query", true, Malformed}
	noHash      = failure{"missing info_hash: 20 bytes, percent-encoded", true, Missing}
	badHash     = failure{"invalid info_hash: want 20 bytes, percent-encoded", true, Invalid}
)

// parseAnnounce reads the query of an announce, which it decodes in place. The request has no Source.
func parseAnnounce(query []byte, q *announceQuery) *failure {
	*q = announceQuery{Request: Request{Left: unknownLeft, Want: -1}}
	var seen [params]bool
	for len(query) > 0 {
		name, value, rest, ok := nextParam(query)
		if query = rest; !ok {
			return &badEncoding
		}
		p, known := paramOf(name)
		if !known {
			continue
		}
		if seen[p] && !mayRepeat[p] {
			return &failure{"more than one " + paramNames[p], true, Invalid}
		}
		seen[p] = true
		if f := q.set(p, value); f != nil {
			return f
		}
	}
	for _, p := range [...]param{infoHash, peerID, port} {
		if !seen[p] {
			return &failure{"missing " + paramNames[p], true, Missing}
		}
	}
	return nil
}

// set takes in one parameter.
func (q *announceQuery) set(p param, value []byte) *failure {
	ok := true
	switch p {
	case infoHash:
		q.Hash, ok = hashOf(value)
	case peerID:
		if ok = len(value) == len(q.PeerID); ok {
			q.PeerID = [20]byte(value)
		}
	case port:
		n, number := number(value)
		ok = number && n > 0 && n <= math.MaxUint16
		q.port = uint16(n)
	case uploaded, downloaded:
		_, ok = number(value)
	case left:
		var n int64
		if n, ok = number(value); n >= 0 {
			q.Left = uint64(n)
		}
	case event:
		q.Event, ok = eventOf(value)
	case numwant:
		var n int64
		if n, ok = number(value); len(value) == 0 {
			n, ok = -1, true
		}
		q.Want = int(max(min(n, maxWant), -1))
	case compact:
		q.compact = truthy(value)
	case noPeerID:
		q.noPeerID = truthy(value)
	case ipParam, ipv4Param, ipv6Param:
		if len(value) <= 45 { // a host name is not looked up, and not refused
			if ip, err := netip.ParseAddr(string(value)); err == nil && ip.Zone() == "" {
				q.Named[wire.FamilyOf(ip)] = ip.Unmap()
			}
		}
	}
	if !ok {
		return &failure{"invalid " + paramNames[p], true, Invalid}
	}
	return nil
}

// hashOf reads an info_hash: 20 bytes, or the 32 of BEP 52, of which a tracker uses the first 20.
func hashOf(b []byte) (hash wire.ID, ok bool) {
	if len(b) != len(hash) && len(b) != 32 {
		return hash, false
	}
	return wire.ID(b), true
}

func eventOf(b []byte) (e Event, ok bool) {
	switch string(b) {
	case "", "empty":
		return None, true
	case "started":
		return Started, true
	case "completed":
		return Completed, true
	case "stopped":
		return Stopped, true
	case "paused":
		return Paused, true
	}
	return None, false
}

// truthy reports whether a parameter is set and not 0.
func truthy(b []byte) bool { return len(b) > 0 && string(b) != "0" }

// number reads a decimal number. One too large for an int64 is the largest, or the least if it is negative.
func number(b []byte) (n int64, ok bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n > (math.MaxInt64-9)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}
