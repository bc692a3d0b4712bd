package wire

import (
	"encoding/hex"
	"strconv"

	"dhtop/dhtcore/printable"
)

// clients names the two-letter codes of "v" that are common on Mainline.
var clients = map[string]string{
	"A2": "aria2", "BC": "BitComet", "DT": "dhtop", "JC": "jech", "LT": "libtorrent", "TR": "Transmission",
	"UT": "µTorrent", "WW": "WebTorrent", "lt": "rTorrent",
}

// ClientName returns the raw "v" of a message as printable ASCII and µ, at most 24 cells: the name of a known client
// with its version, or the letters of an unknown one with its version in hexadecimal; "" for an empty v.
func ClientName(v string) string { return string(AppendClientName(nil, []byte(v))) }

// Client returns the two parts of ClientName; version is "" where v has none.
func Client(v string) (name, version string) {
	all, end := appendClient(nil, []byte(v))
	if end == len(all) {
		return string(all), ""
	}
	return string(all[:end]), string(all[end+1:])
}

// AppendClientName appends what ClientName returns.
func AppendClientName(dst, v []byte) []byte {
	dst, _ = appendClient(dst, v)
	return dst
}

// appendClient appends what ClientName returns, and returns where the name ends.
func appendClient(dst, v []byte) (out []byte, end int) {
	if len(v) < 2 {
		return dst, len(dst)
	}
	code, rest := string(v[:2]), v[2:]
	name, known := clients[code]
	if !known {
		name = printable.ASCII(code)
	}
	dst = append(dst, name...)
	end = len(dst)
	switch {
	case len(rest) == 0:
		return dst, end
	case len(rest) == 2 && code == "LT": // a byte and two nibbles: 2.0.8 is 02 08
		return appendVersion(dst, rest[0], rest[1]>>4, rest[1]&15), end
	case len(rest) == 2 && code == "DT":
		return appendVersion(dst, rest[0], rest[1]), end
	}
	return hex.AppendEncode(append(dst, ' '), rest[:min(len(rest), 4)]), end
}

// appendVersion appends a blank and numbers with dots between them.
func appendVersion(dst []byte, numbers ...byte) []byte {
	for i, n := range numbers {
		sep := byte('.')
		if i == 0 {
			sep = ' '
		}
		dst = strconv.AppendUint(append(dst, sep), uint64(n), 10)
	}
	return dst
}
